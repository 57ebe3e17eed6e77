//! Dark, light, or as the system says; kept in the browser.

use leptos::prelude::*;

/// The theme a person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// The key in the browser's storage; `index.html` reads it too, before the first paint.
const KEY: &str = "flowdeck-theme";

impl Theme {
    /// The word for it, and the value in storage.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The one after it, for a button that goes round.
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::Auto,
        }
    }
}

fn apply(theme: Theme) {
    let prefers_light = || {
        let query = window()
            .match_media("(prefers-color-scheme: light)")
            .ok()
            .flatten();
        query.is_some_and(|query| query.matches())
    };
    let shown = match theme {
        Theme::Auto if prefers_light() => Theme::Light,
        Theme::Auto => Theme::Dark,
        chosen => chosen,
    };
    if let Some(root) = document().document_element() {
        // Fails for a name that is no attribute's, and this is one.
        let _ = root.set_attribute("data-theme", shown.name());
    }
}

/// The theme, and what sets it.
pub fn use_theme() -> (ReadSignal<Theme>, Callback<Theme>) {
    let storage = || window().local_storage().ok().flatten();
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let theme = [Theme::Dark, Theme::Light]
        .into_iter()
        .find(|theme| kept.as_deref() == Some(theme.name()));
    let (theme, set_theme) = signal(theme.unwrap_or_default());
    Effect::new(move |_| apply(theme.get()));
    let choose = Callback::new(move |chosen: Theme| {
        set_theme.set(chosen);
        if let Some(storage) = storage() {
            // Refused in a private window; then the choice holds until the page is left.
            let _ = storage.set_item(KEY, chosen.name());
        }
    });
    (theme, choose)
}
