//! What a person looked at last, kept in the browser for the command palette.

use leptos::prelude::*;

use super::kept::{keep, kept};
use crate::model::{Visit, visits_from_text, visits_to_text, with_visit};
use crate::routes::Route;
use crate::session::{CurrentPlace, Place};

/// The key in the browser's storage.
const KEY: &str = "flowdeck-visits";

/// What was looked at last, newest first, without what is shown now.
pub fn visits() -> Vec<Visit> {
    let here = path();
    let mut visits = past();
    visits.retain(|visit| visit.href != here);
    visits
}

/// Takes note of each thing with a name that is looked at, for as long as the calling component lives.
pub fn remember_visits() {
    let place = expect_context::<CurrentPlace>().0;
    Effect::new(move |_| {
        if let Some(visit) = place.with(|place| visit(place, path())) {
            keep(KEY, &visits_to_text(&with_visit(past(), visit)));
        }
    });
}

/// A page has told its path once it knows what it is of; the pages of lists are at hand anyway.
fn visit(place: &Place, href: String) -> Option<Visit> {
    let is_thing = matches!(
        Route::parse(&href)?,
        Route::Project(..) | Route::Flow(..) | Route::FlowRun(..) | Route::Task(_) | Route::TaskRun(_)
    );
    let (name, _) = place.crumbs.last().filter(|_| is_thing)?;
    let above = place.crumbs.len().checked_sub(2).map(|at| &place.crumbs[at].0);
    Some(Visit {
        href,
        name: name.clone(),
        detail: above.cloned().unwrap_or_default(),
    })
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

fn past() -> Vec<Visit> {
    visits_from_text(&kept(KEY))
}
