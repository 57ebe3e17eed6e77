//! What a client is told when a request fails: the shapes and codes of section 1.4 of the contract.

use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;
use serde::Serialize;

use crate::error::Error;

/// The text is not GraphQL.
pub const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
/// The document does not fit the schema, or asks for more than the limits allow.
pub const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
/// A variable or an argument does not fit its type.
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// The body is not a GraphQL request at all.
pub const BAD_REQUEST: &str = "BAD_REQUEST";
/// The page that asks is none of those that may.
pub const FORBIDDEN: &str = "FORBIDDEN";

/// One entry of `errors`.
#[derive(Clone, Debug, Serialize)]
pub struct GraphqlError {
    /// One sentence for the reader.
    pub message: String,
    /// Where in the document, counted from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// The response key of the root field that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    /// The code clients look at.
    pub extensions: Extensions,
}

/// A place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// What stands beside the message.
#[derive(Clone, Debug, Serialize)]
pub struct Extensions {
    /// One of the codes of the contract.
    pub code: &'static str,
}

impl GraphqlError {
    /// An error without a place.
    pub fn new(code: &'static str, message: impl Into<String>) -> GraphqlError {
        GraphqlError {
            message: message.into(),
            locations: Vec::new(),
            path: Vec::new(),
            extensions: Extensions { code },
        }
    }

    /// An argument or variable that does not fit.
    pub fn bad_input(message: impl Into<String>) -> GraphqlError {
        GraphqlError::new(BAD_USER_INPUT, message)
    }

    /// The same error, pointing at a place in the document.
    #[must_use]
    pub fn at(mut self, span: Option<SourceSpan>, sources: &SourceMap) -> GraphqlError {
        let place = span.and_then(|span| span.line_column(sources));
        self.locations = place
            .into_iter()
            .map(|at| Location {
                line: at.line,
                column: at.column,
            })
            .collect();
        self
    }

    /// The same error, naming the root field that failed.
    #[must_use]
    pub fn of_field(mut self, response_key: &str) -> GraphqlError {
        self.path = vec![response_key.to_owned()];
        self
    }
}

impl From<&Error> for GraphqlError {
    fn from(error: &Error) -> GraphqlError {
        GraphqlError::new(error.code(), error.public_message())
    }
}

/// The findings of the parser or the validator, in the words clients know from graphql-js. Ten are enough.
pub fn diagnostics(code: &'static str, list: &DiagnosticList) -> Vec<GraphqlError> {
    let errors = list.iter().take(10).map(|diagnostic| {
        let message = diagnostic
            .error
            .unstable_compat_message()
            .unwrap_or_else(|| diagnostic.error.to_string());
        let mut error = GraphqlError::new(code, message);
        let place = diagnostic.line_column_range().map(|range| range.start);
        error.locations = place
            .into_iter()
            .map(|at| Location {
                line: at.line,
                column: at.column,
            })
            .collect();
        error
    });
    errors.collect()
}
