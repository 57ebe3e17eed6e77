//! The schematic: a flow's tasks as cards with lines for the edges, live in a run.
//!
//! [`layout`] and [`viewport`] are pure and know nothing of flows; [`scene`](mod@scene) brings the two and a flow
//! together; [`picture`](mod@picture) holds what is selected, searched and seen; the rest draws. No requests.

pub mod layout;
pub mod viewport;

mod export;
mod label;
mod scene;

mod bar;
mod canvas;
mod card;
mod gestures;
mod neighborhood;
mod picture;
mod view;

pub use neighborhood::Neighborhood;
pub use view::{Schematic, SchematicProps};
