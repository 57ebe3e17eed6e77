//! The mutations: input struct → store transaction → payload, one file per noun.

use serde_json::Value as Json;

use crate::context::Context;
use crate::error::Error;

/// The mutations in the schema language: `type Mutation`, their inputs, payloads, scalars and enums.
pub const SDL: &str = include_str!("mutations.graphql");

/// Runs the mutation `field`. `input` is its coerced argument `input`, or null. Answers the whole payload
/// object; the caller takes from it what was selected.
pub async fn execute(ctx: &Context, field: &str, input: Json) -> Result<Json, Error> {
    let _ = (ctx, input);
    Err(Error::Internal(format!(
        "the mutation '{field}' is not written yet"
    )))
}
