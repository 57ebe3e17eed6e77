//! How logs are shown, kept in the browser: it is a person's taste, not a place to link to.

use leptos::prelude::*;

use super::kept::{keep, kept};

/// What stands before each line of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogTimes {
    /// The time on the clock.
    #[default]
    Clock,
    /// How long ago.
    Ago,
    /// How long after the start of the run.
    SinceStart,
}

impl LogTimes {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Clock, Self::Ago, Self::SinceStart];

    /// The name in storage and in the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Ago => "ago",
            Self::SinceStart => "since-start",
        }
    }
}

const WRAP: &str = "flowdeck-log-wrap";
const TIMES: &str = "flowdeck-log-times";

/// How logs are shown: whether long lines go on in the next row, and which times are shown. What is set is kept.
#[must_use]
pub fn use_log_look() -> (RwSignal<bool>, RwSignal<LogTimes>) {
    let wrap = RwSignal::new(kept(WRAP) != "off");
    let name = kept(TIMES);
    let times = LogTimes::ALL.into_iter().find(|times| name == times.name());
    let times = RwSignal::new(times.unwrap_or_default());
    Effect::new(move |first: Option<()>| {
        let (wrap, times) = (wrap.get(), times.get());
        if first.is_some() {
            keep(WRAP, if wrap { "" } else { "off" });
            keep(TIMES, times.name());
        }
    });
    (wrap, times)
}
