//! The Flowdeck dashboard: a browser application compiled to WebAssembly.
//!
//! Data flows one way, and a new page follows the same road:
//!
//! ```text
//! api/*.graphql ─derive─▶ api/*.rs ──▶ resources/*.rs ──▶ pages/* ──▶ components/* ──▶ ui/*
//!  what is asked          async fns     Polled<T>          one per     know our        know nothing
//!                         → model/*     the only timer     URL         nouns           of ours
//! ```
//!
//! Everything builds natively too, so that what is pure is tested with plain `cargo test`.

pub mod routes;

mod app;
mod palette;
mod parts;
mod shell;

mod pages;

mod logs;
mod schematic;

mod components;
mod ui;

mod resources;

mod api;

mod format;
mod json;
mod lowercase;
mod model;
mod polled;
mod scroll_memory;
mod session;
mod sort;
mod under_way;
mod wall_clock;

#[cfg(test)]
mod house_rules;

pub use model::{EXTENSIONS, Extension};

/// Shows the application in the document's body, in place of the words that `index.html` shows until then.
pub fn mount() {
    use leptos::prelude::{document, window};
    // Where the dashboard is served is known to the page alone: its `<base>`.
    let base = document().base_uri().ok().flatten();
    let base = base.and_then(|base| web_sys::Url::new(&base).ok());
    routes::set_base(&base.map_or_else(String::new, |base| base.pathname()));
    // A proxy that takes the path away may also be gone round: then the page is at an address that is no place's.
    let location = window().location();
    if let Ok(path) = location.pathname()
        && !routes::is_below_base(&path)
    {
        // Fails for a URL that is no URL, and this one is made of two.
        let _ = location.replace(&routes::below_base(&path));
        return;
    }
    if let Some(placeholder) = document().get_element_by_id("starting") {
        placeholder.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
