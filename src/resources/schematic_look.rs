//! How schematics are drawn, kept in the browser: it is a person's taste, not a place to link to.

use leptos::prelude::*;

use super::kept::{keep, kept};
use crate::model::Direction;

const DIRECTION: &str = "flowdeck-schematic-direction";
const HELPERS: &str = "flowdeck-schematic-helpers";

/// How schematics are drawn: which way the work flows (`None` as it fits best), and whether helper tasks are left
/// out; `shows_helpers` shows them whatever the person's taste. What is set is kept, each by itself: that it was shown
/// for once is not.
#[must_use]
pub fn use_schematic_look(shows_helpers: bool) -> (RwSignal<Option<Direction>>, RwSignal<bool>) {
    let name = kept(DIRECTION);
    let direction = RwSignal::new(
        Direction::ALL
            .into_iter()
            .find(|direction| direction.name() == name),
    );
    let hides_helpers = RwSignal::new(!shows_helpers && kept(HELPERS) != "shown");
    Effect::new(move |first: Option<()>| {
        let direction = direction.get();
        if first.is_some() {
            keep(DIRECTION, direction.map_or("", Direction::name));
        }
    });
    Effect::new(move |first: Option<()>| {
        let hides_helpers = hides_helpers.get();
        if first.is_some() {
            keep(HELPERS, if hides_helpers { "" } else { "shown" });
        }
    });
    (direction, hides_helpers)
}
