//! The server that answers.

use leptos::prelude::*;

use super::poll::{Cadence, poll};
use crate::api;
use crate::model::Server;
use crate::polled::Polled;
use crate::session::AddressForPrograms;

/// What server it is; another one may have taken its place.
pub fn use_server() -> Polled<Server> {
    poll(|| Some(()), |_| Cadence::Slow, |(), _| api::server())
}

/// Provides where programs find the API, once the server has told.
pub fn provide_address_for_programs() {
    let (address, set_address) = signal(None);
    provide_context(AddressForPrograms(address));
    api::on_address_for_programs(move |address| set_address.set(Some(address)));
}
