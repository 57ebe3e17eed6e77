//! What the dashboard asks the server: plain async functions, no signals. The types generated from the
//! `.graphql` documents stay in here; what goes out is `model/`.

mod agent;
mod extensions;
mod filter_values;
mod fragments;
mod row;
mod scalars;
mod server;

pub mod artifact;
pub mod failing_since;
pub mod flow;
pub mod flow_run;
pub mod flow_settings;
pub mod flow_version;
pub mod home;
pub mod log;
pub mod project;
pub mod run_history;
pub mod saved_view;
pub mod schedule;
pub mod search;
pub mod task;
pub mod task_graph;
pub mod task_run;

pub use agent::{agents, delete_agent};
pub use extensions::extensions;
pub use filter_values::filter_values;
pub use server::server;

use std::cell::RefCell;
use std::fmt;

use futures_util::future::LocalBoxFuture;
use gloo_net::http::Request;
use graphql_client::GraphQLQuery;
use leptos::prelude::window;
use serde_json::{Value, json};
use web_sys::AbortController;

use crate::json;
use crate::model::address_of;
use crate::polled::FailureKind;
use crate::routes::below_base;

/// Why a question has no answer; its text is one sentence for a person.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// Nobody answers, or only a proxy that says that nobody does.
    Unreachable(String),
    /// The server has no such thing. Names it.
    Missing(String),
    /// The server refused; its own words.
    Refused(String),
    /// The answer is not one this dashboard understands. Says which part.
    Malformed(String),
}

impl ApiError {
    /// How it is shown.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Unreachable(_) => FailureKind::Unreachable,
            Self::Missing(_) => FailureKind::Missing,
            Self::Refused(_) | Self::Malformed(_) => FailureKind::Refused,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "No answer from {why}."),
            Self::Missing(what) => write!(f, "The server knows no {what}."),
            Self::Refused(why) => f.write_str(why),
            Self::Malformed(part) => write!(f, "The server's answer cannot be read: {part}."),
        }
    }
}

/// Aborts the request when the future that waits for it is dropped.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Takes the address that programs have to be given to find the API.
type TellAddress = Box<dyn Fn(String)>;

thread_local! {
    static ENDPOINT: RefCell<Option<String>> = const { RefCell::new(None) };
    static TELL_ADDRESS: RefCell<Option<TellAddress>> = const { RefCell::new(None) };
}

/// Has `tell` take the address that programs have to be given to find the API, as soon as it is known; never where they
/// find it by themselves. What reads it comes with the parts: not all of the module needs it to begin.
pub fn on_address_for_programs(tell: impl Fn(String) + 'static) {
    TELL_ADDRESS.set(Some(Box::new(tell)));
}

/// Where the API is, from `settings.json` as the Prefect 1 dashboard did it, so that this one can be pointed at
/// another server without a rebuild; beside the dashboard when it does not say. Asked for once in a page's life; never
/// kept longer (prefect#5251).
pub async fn endpoint() -> String {
    if let Some(endpoint) = ENDPOINT.with_borrow(Clone::clone) {
        return endpoint;
    }
    let usual = below_base("/graphql");
    let Ok(response) = Request::get(&below_base("/settings.json")).send().await else {
        return usual;
    };
    // A gateway error says nothing about the settings: ask again next time.
    if response.status() >= 500 {
        return usual;
    }
    let settings = response.json::<Value>().await.unwrap_or_default();
    let named = settings.get("server_url").and_then(Value::as_str);
    let endpoint = named.filter(|url| !url.is_empty()).map_or(usual, str::to_owned);
    let port = settings.get("api_port").and_then(Value::as_u64);
    if let Ok(page) = window().location().origin()
        && let Some(address) = address_of(&endpoint, port, &page)
    {
        TELL_ADDRESS.with_borrow(|tell| tell.as_ref().map(|tell| tell(address)));
    }
    ENDPOINT.set(Some(endpoint.clone()));
    endpoint
}

/// Sends one operation and answers its `data`, to be read by [`Row`]. Dropping the future aborts the request.
fn post<Q: GraphQLQuery>(variables: Q::Variables) -> LocalBoxFuture<'static, Result<Value, ApiError>> {
    exchange(serde_json::to_value(Q::build_query(variables)))
}

/// Sends a document that was put together at run time, as [`post`] does.
fn ask(document: &str, variables: &Value) -> LocalBoxFuture<'static, Result<Value, ApiError>> {
    let mut body = serde_json::Map::new();
    body.insert("query".to_owned(), document.into());
    body.insert("variables".to_owned(), variables.clone());
    exchange(Ok(body.into()))
}

/// Sends one operation of a document that has several, by its name, as [`ask`] does.
fn ask_for(
    document: &str,
    operation: &str,
    variables: &Value,
) -> LocalBoxFuture<'static, Result<Value, ApiError>> {
    let mut body = serde_json::Map::new();
    body.insert("query".to_owned(), document.into());
    body.insert("operationName".to_owned(), operation.into());
    body.insert("variables".to_owned(), variables.clone());
    exchange(Ok(body.into()))
}

/// Sends one mutation whose only argument is its input; answers its `data`, as [`post`] does.
fn mutate(field: &str, selection: &str, input: Value) -> LocalBoxFuture<'static, Result<Value, ApiError>> {
    let document = format!("mutation($input: {field}_input!) {{ {field}(input: $input) {{ {selection} }} }}");
    ask(&document, &json!({ "input": input }))
}

/// Whether the one mutation that this is the `data` of was done. Where there is nothing to change the server answers
/// `success: false` and no error (contract 3.3 to 3.6); `not_done` says what is missing then.
fn done(data: &Value, not_done: ApiError) -> Result<(), ApiError> {
    let payload = data.as_object().and_then(|data| data.values().next());
    match payload.and_then(|payload| payload.get("success")) {
        Some(Value::Bool(false)) => Err(not_done),
        _ => Ok(()),
    }
}

/// Apart from [`post`], so that it is compiled once and not for each operation.
fn exchange(body: serde_json::Result<Value>) -> LocalBoxFuture<'static, Result<Value, ApiError>> {
    Box::pin(async move {
        let body = json::compact(&body.map_err(|error| malformed(&error))?);
        let mut answer: Value =
            serde_json::from_slice(&send(body).await?).map_err(|error| malformed(&error))?;
        if let Some(error) = answer.get("errors").and_then(|errors| errors.get(0)) {
            let message = error.get("message").and_then(Value::as_str);
            return Err(ApiError::Refused(
                message
                    .unwrap_or("The server refused without saying why.")
                    .to_owned(),
            ));
        }
        match answer.get_mut("data").map(Value::take) {
            Some(data) if data.is_object() => Ok(data),
            _ => Err(malformed(&"there is no data in it")),
        }
    })
}

fn malformed(part: &dyn fmt::Display) -> ApiError {
    ApiError::Malformed(part.to_string())
}

/// Sends a body and reads the answer.
async fn send(body: String) -> Result<Vec<u8>, ApiError> {
    let endpoint = endpoint().await;
    let unreachable = |why: &str| {
        let host = window().location().host().unwrap_or_default();
        let server = if endpoint.starts_with('/') {
            format!("{host}{endpoint}")
        } else {
            endpoint.clone()
        };
        ApiError::Unreachable(format!("{server}{why}"))
    };
    let abort = AbortController::new().ok().map(AbortOnDrop);
    let signal = abort.as_ref().map(|abort| abort.0.signal());
    let request = Request::post(&endpoint)
        .header("Content-Type", "application/json")
        .abort_signal(signal.as_ref())
        .body(body)
        .map_err(|error| malformed(&error))?;
    let response = request.send().await.map_err(|_| unreachable(""))?;
    let status = response.status();
    if matches!(status, 502..=504) {
        return Err(unreachable(&format!(" (HTTP {status})")));
    }
    let answer = response
        .binary()
        .await
        .map_err(|_| unreachable(" (the answer broke off)"))?;
    // Errors in the question come with 400 and a body that says what they are.
    if status == 200 || answer.first() == Some(&b'{') {
        Ok(answer)
    } else {
        Err(malformed(&format!("HTTP {status}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_did_not_do_is_no_success() {
        let missing = || ApiError::Missing("flow run with the id 1".to_owned());
        let renamed = |success: bool| json!({ "set_flow_run_name": { "success": success } });
        assert_eq!(done(&renamed(true), missing()), Ok(()));
        assert_eq!(done(&renamed(false), missing()), Err(missing()));
        // Others answer an id, or an error in place of data.
        assert_eq!(
            done(&json!({ "set_project_name": { "id": "1" } }), missing()),
            Ok(())
        );
    }
}
