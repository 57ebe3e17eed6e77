//! Dark, light, or as the system says; kept in the browser.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::MediaQueryList;

use super::kept::{keep, kept};

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

thread_local! {
    /// Kept, because a browser may drop a query that nobody holds, and its listener with it.
    static LISTENED: RefCell<Option<MediaQueryList>> = const { RefCell::new(None) };
}

impl Theme {
    /// The word for it, and but for `auto` the value in storage.
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

/// What the system says; it changes at dusk.
fn system() -> Option<MediaQueryList> {
    window()
        .match_media("(prefers-color-scheme: light)")
        .ok()
        .flatten()
}

fn apply(theme: Theme) {
    let prefers_light = system().is_some_and(|system| system.matches());
    let shown = match theme {
        Theme::Auto if prefers_light => Theme::Light,
        Theme::Auto => Theme::Dark,
        chosen => chosen,
    };
    if let Some(root) = document().document_element() {
        // Fails for a name that is no attribute's, and this is one.
        let _ = root.set_attribute("data-theme", shown.name());
    }
}

/// The theme that is chosen, and what chooses another.
type Chosen = (ReadSignal<Theme>, Callback<Theme>);

/// The theme, and what sets it.
pub fn use_theme() -> (ReadSignal<Theme>, Callback<Theme>) {
    expect_context::<Chosen>()
}

/// Shows the theme that was chosen, and provides it to everything below.
pub fn provide_theme() {
    let name = kept(KEY);
    let theme = [Theme::Dark, Theme::Light]
        .into_iter()
        .find(|theme| name == theme.name());
    let (theme, set_theme) = signal(theme.unwrap_or_default());
    Effect::new(move |_| apply(theme.get()));
    if let Some(system) = system() {
        // This is called once in a page's life, so that the listener may stay.
        let follow = Closure::<dyn Fn()>::new(move || apply(theme.get_untracked()));
        system.set_onchange(Some(follow.as_ref().unchecked_ref()));
        follow.forget();
        LISTENED.set(Some(system));
    }
    let choose = Callback::new(move |chosen: Theme| {
        set_theme.set(chosen);
        // As long as nothing is chosen nothing is kept: `index.html` knows no third word.
        keep(KEY, if chosen == Theme::Auto { "" } else { chosen.name() });
    });
    provide_context::<Chosen>((theme, choose));
}
