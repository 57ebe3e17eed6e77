//! The server that answers.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::connection::use_connection;
use super::poll::{Cadence, poll};
use crate::api;
use crate::model::Server;
use crate::polled::Polled;
use crate::session::AddressForPrograms;

/// What server it is; another one may have taken its place.
pub fn use_server() -> Polled<Server> {
    poll(|| Some(()), |_| Cadence::Slow, |(), _| api::server())
}

/// Provides where programs find the API, once the server has answered.
pub fn provide_address_for_programs() {
    let (address, set_address) = signal(None);
    provide_context(AddressForPrograms(address));
    let connection = use_connection();
    let has_answered = Memo::new(move |_| connection.has_answered());
    Effect::new(move |_| {
        if has_answered.get() {
            spawn_local(async move { set_address.set(api::address_for_programs().await) });
        }
    });
}
