//! The first page, and the agents.

use super::poll::{Cadence, poll};
use super::ticking::now;
use crate::api;
use crate::model::{Agent, Home};
use crate::polled::Polled;

/// Everything the first page shows. While something runs, every second would be more than a glance needs.
pub fn use_home() -> Polled<Home> {
    poll(|| Some(()), |_| Cadence::Normal, |(), _| api::home::home(now()))
}

/// The agents, while `wanted`.
pub fn use_agents(wanted: impl Fn() -> bool + 'static) -> Polled<Vec<Agent>> {
    poll(
        move || wanted().then_some(()),
        |_| Cadence::Normal,
        |(), _| api::agents(),
    )
}
