//! The log of a run: any number of lines, as they are written.
//!
//! [`search`], [`links`], [`pieces`], [`wrap`], [`fold`], [`sheet`] and [`export`] are pure: what is found, and where each entry
//! stands. [`viewer`] holds what is shown and seen; the rest draws the rows in sight. No requests.

mod export;
mod fold;
mod links;
mod pieces;
mod search;
mod sheet;
mod wrap;

mod bar;
mod copy;
mod download;
mod entry;
mod keys;
mod lines;
mod view;
mod viewer;
mod when;

pub use view::LogView;
pub use viewer::LogWriters;
