//! The first page, and the agents.

use super::poll::{Cadence, poll};
use super::ticking::now;
use crate::api;
use crate::model::{Agent, Home};
use crate::polled::Polled;

/// Everything the first page shows, quick while something moves.
pub fn use_home() -> Polled<Home> {
    poll(
        || Some(()),
        |home: &Home| {
            if home.is_moving(now()) {
                Cadence::Live
            } else {
                Cadence::Normal
            }
        },
        |(), _| api::home::home(now()),
    )
}

/// The agents, while `wanted`.
pub fn use_agents(wanted: impl Fn() -> bool + 'static) -> Polled<Vec<Agent>> {
    poll(
        move || wanted().then_some(()),
        |_| Cadence::Normal,
        |(), _| api::agents(),
    )
}
