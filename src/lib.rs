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
mod shell;

mod pages;

mod logs;
mod schematic;

mod components;
mod ui;

mod resources;

mod api;

mod format;
mod model;
mod polled;
mod session;
mod sort;

#[cfg(test)]
mod house_rules;

/// Shows the application in the document's body, in place of the words that `index.html` shows until then.
pub fn mount() {
    if let Some(placeholder) = leptos::prelude::document().get_element_by_id("starting") {
        placeholder.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
