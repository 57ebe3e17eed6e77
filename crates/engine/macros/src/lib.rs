//! The `#[task]` attribute: turns a plain function into a task that flows can be built from.
//!
//! Users reach it as `flowdeck_engine::task`, where it is documented with examples. Nothing here decides how
//! a task runs: the attribute only writes down what the author said.

mod arguments;
mod expand;
mod options;
#[cfg(test)]
mod tests;
mod text;

use proc_macro::TokenStream;

/// Makes a task of a function.
///
/// The function itself stays as it is and can be called in unit tests. Beside it, under the same name, stands
/// a type with three associated functions:
///
/// - `name::call(flow, inputs…)` adds the task to a flow and answers a handle to its result;
/// - `name::map(flow, inputs…)` adds it so that it runs once for each element of its list inputs;
/// - `name::definition()` is the task outside any flow.
///
/// Options: `name = "…"`, `retries = 3`, `retry_delay = "10s"`, `timeout = "5s"`, `trigger = any_failed`
/// (any function of `flowdeck_engine::trigger`), `skip_on_upstream_skip = false`, `cache_for = "1h"`,
/// `cache_key = "…"`, `tags = ["…"]`. Durations are written `500ms`, `10s`, `5m`, `1h`, `2d`, or `1h 30m`.
///
/// A function answers a value (`T: Serialize`) or `Result<T, E: Display>`; an error ends the task run as
/// Failed with the error's text. Inputs are any `DeserializeOwned` types, or references to them.
#[proc_macro_attribute]
pub fn task(options: TokenStream, function: TokenStream) -> TokenStream {
    let options = syn::parse_macro_input!(options as options::Options);
    let function = syn::parse_macro_input!(function as syn::ItemFn);
    expand::expand(&options, &function)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
