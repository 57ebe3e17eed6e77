//! What the server can do beyond the API of Prefect 1.

use leptos::prelude::*;

use super::poll::once;
use crate::api;
use crate::model::Extensions;

/// What the server can do beyond the API of Prefect 1; `None` until it has answered. It is asked again until it has.
pub fn use_extensions() -> ReadSignal<Option<Extensions>> {
    once(|| Some(()), |()| api::extensions()).value.read_only()
}
