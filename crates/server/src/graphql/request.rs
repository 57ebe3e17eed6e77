//! The body of a request: one operation or a list of them, `variables` as an object, as text, or not at all.

use serde_json::{Map, Value as Json};

use super::errors::{BAD_REQUEST, BAD_USER_INPUT, GraphqlError};

/// One operation to run.
#[derive(Debug)]
pub struct Request {
    /// The document.
    pub query: String,
    /// The variables as sent, before coercion.
    pub variables: Map<String, Json>,
    /// Which operation of the document to run.
    pub operation_name: Option<String>,
}

/// A body.
#[derive(Debug)]
pub enum Body {
    /// One operation, answered by an object.
    Single(Result<Request, GraphqlError>),
    /// Several, answered by an array in the same order.
    Batch(Vec<Result<Request, GraphqlError>>),
}

/// Reads a body, or says why it is none (HTTP 400).
pub fn read(bytes: &[u8], most_in_batch: usize) -> Result<Body, GraphqlError> {
    let body: Json = serde_json::from_slice(bytes)
        .map_err(|error| GraphqlError::new(BAD_REQUEST, format!("The body is not valid JSON: {error}.")))?;
    match body {
        Json::Array(items) if items.len() > most_in_batch => Err(GraphqlError::new(
            BAD_REQUEST,
            format!(
                "The batch holds {} operations; at most {most_in_batch} are allowed.",
                items.len()
            ),
        )),
        Json::Array(items) => Ok(Body::Batch(items.into_iter().map(operation).collect())),
        single => Ok(Body::Single(operation(single))),
    }
}

fn operation(body: Json) -> Result<Request, GraphqlError> {
    let Json::Object(mut body) = body else {
        return Err(GraphqlError::new(
            BAD_REQUEST,
            "The body must be an object with the key \"query\", or a list of such.",
        ));
    };
    let Some(Json::String(query)) = body.remove("query") else {
        return Err(GraphqlError::new(
            BAD_REQUEST,
            "The body has no \"query\": a string with a GraphQL document.",
        ));
    };
    let operation_name = match body.remove("operationName") {
        None | Some(Json::Null) => None,
        Some(Json::String(name)) => Some(name),
        Some(_) => {
            return Err(GraphqlError::new(
                BAD_REQUEST,
                "\"operationName\" must be a string.",
            ));
        }
    };
    let variables = variables(body.remove("variables").unwrap_or(Json::Null))?;
    Ok(Request {
        query,
        variables,
        operation_name,
    })
}

/// The Python client sends the variables as JSON text, and the text `null` when there are none (contract 0.2).
fn variables(value: Json) -> Result<Map<String, Json>, GraphqlError> {
    match value {
        Json::Null => Ok(Map::new()),
        Json::Object(variables) => Ok(variables),
        Json::String(text) if text.trim().is_empty() => Ok(Map::new()),
        Json::String(text) => match serde_json::from_str(&text) {
            Ok(Json::Null) => Ok(Map::new()),
            Ok(Json::Object(variables)) => Ok(variables),
            Ok(_) => Err(not_an_object()),
            Err(error) => Err(GraphqlError::new(
                BAD_USER_INPUT,
                format!("\"variables\" is text that is not valid JSON: {error}."),
            )),
        },
        _ => Err(not_an_object()),
    }
}

fn not_an_object() -> GraphqlError {
    GraphqlError::new(
        BAD_USER_INPUT,
        "\"variables\" must be an object, or JSON text that holds one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(body: &str) -> Result<Request, GraphqlError> {
        match read(body.as_bytes(), 2)? {
            Body::Single(request) => request,
            Body::Batch(_) => panic!("not a batch"),
        }
    }

    #[test]
    fn variables_come_in_five_forms() {
        for (variables, count) in [
            (r#","variables":{"a":1}"#, 1),
            (r#","variables":"{\"a\": 1}""#, 1),
            (r#","variables":"null""#, 0),
            (r#","variables":null"#, 0),
            ("", 0),
        ] {
            let request = single(&format!(r#"{{"query":"{{hello}}"{variables}}}"#)).unwrap();
            assert_eq!(request.variables.len(), count, "{variables}");
        }
    }

    #[test]
    fn what_is_not_a_request_is_refused_in_words() {
        for (body, part) in [
            ("{", "not valid JSON"),
            ("5", "must be an object"),
            ("{}", "no \"query\""),
            (r#"{"query":5}"#, "no \"query\""),
            (
                r#"{"query":"{hello}","variables":[]}"#,
                "\"variables\" must be an object",
            ),
            (r#"{"query":"{hello}","variables":"{"}"#, "not valid JSON"),
            (r#"{"query":"{hello}","operationName":1}"#, "operationName"),
            ("[{},{},{}]", "at most 2"),
        ] {
            let message = single(body).unwrap_err().message;
            assert!(message.contains(part), "{body}: {message}");
        }
    }
}
