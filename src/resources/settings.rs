//! What a person set, kept in the browser and in force at once: the time zone, the hours, how dense lists are.

use leptos::prelude::*;

use super::kept::{keep, kept};
use crate::wall_clock::{Hours, WallClock, browser_hours, set_wall_clock};

/// How the hours of a day are counted, as a person chooses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HoursChoice {
    /// 24 hours.
    #[default]
    TwentyFour,
    /// Twice twelve.
    Twelve,
    /// As the browser's language does it.
    Auto,
}

impl HoursChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::TwentyFour, Self::Twelve, Self::Auto];

    fn name(self) -> &'static str {
        match self {
            Self::TwentyFour => "24",
            Self::Twelve => "12",
            Self::Auto => "auto",
        }
    }

    fn hours(self) -> Hours {
        match self {
            Self::TwentyFour => Hours::TwentyFour,
            Self::Twelve => Hours::Twelve,
            Self::Auto => browser_hours(),
        }
    }
}

const ZONE: &str = "flowdeck-zone";
const HOURS: &str = "flowdeck-hours";
const DENSITY: &str = "flowdeck-density";
const COMPACT: &str = "compact";

/// What a person set. Setting one of them puts it in force and keeps it. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Settings {
    /// The zone whose time is shown; empty is the browser's.
    pub zone: RwSignal<String>,
    /// How the hours are counted.
    pub hours: RwSignal<HoursChoice>,
    /// Whether lists are compact.
    pub is_compact: RwSignal<bool>,
}

/// Puts in force what was set, and provides it to everything below.
pub fn provide_settings() {
    let hours = kept(HOURS);
    let settings = Settings {
        zone: RwSignal::new(kept(ZONE)),
        hours: RwSignal::new(
            HoursChoice::ALL
                .into_iter()
                .find(|choice| choice.name() == hours)
                .unwrap_or_default(),
        ),
        is_compact: RwSignal::new(kept(DENSITY) == COMPACT),
    };
    provide_context(settings);
    // Before the first page is drawn; an effect would come after it.
    untrack(move || put_in_force(settings));
    Effect::new(move |first: Option<()>| {
        put_in_force(settings);
        if first.is_some() {
            keep(ZONE, &settings.zone.get());
            keep(HOURS, settings.hours.get().name());
            keep(DENSITY, if settings.is_compact.get() { COMPACT } else { "" });
        }
    });
}

/// What a person set.
pub fn use_settings() -> Settings {
    expect_context()
}

fn put_in_force(settings: Settings) {
    let hours = settings.hours.get().hours();
    // A zone that this browser does not know, set in a newer one, is as good as none.
    let clock = settings
        .zone
        .with(|zone| (!zone.is_empty()).then(|| WallClock::of_zone(zone, hours)));
    set_wall_clock(clock.flatten().unwrap_or_else(|| WallClock::of_browser(hours)));
    if let Some(root) = document().document_element() {
        let density = if settings.is_compact.get() {
            COMPACT
        } else {
            "usual"
        };
        let hours = if hours == Hours::Twelve { "12" } else { "24" };
        // Fail for names that are no attribute's, and these are.
        let _ = root.set_attribute("data-density", density);
        let _ = root.set_attribute("data-hours", hours);
    }
}
