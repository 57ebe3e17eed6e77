//! From a GraphQL document to one SQL statement per root field. No SQL of mutations and no HTTP in here.
//!
//! The way of a request: `request` reads the body, `document` parses and validates, `execute` runs the operation:
//! `selection` unfolds what is asked for, `arguments` reads arguments, `compile` (with `rows`, `aggregate`, `filter`, `order`, `shape`) prints
//! SQL from the `catalogue`, and the JSON text that the database answers goes out as it is.

pub mod catalogue;
pub mod grammar;

mod aggregate;
mod answer;
mod arguments;
mod compile;
mod document;
mod errors;
mod execute;
mod filter;
mod flow_run_count;
mod order;
mod project;
mod read;
mod request;
mod rows;
mod sdl;
mod selection;
mod shape;
mod statement;
mod traversal;
mod values;

pub use errors::{BAD_REQUEST, FORBIDDEN, GraphqlError};
pub use execute::{Answer, Engine, refused};
pub use request::{Body, Request, read as read_body};
pub use sdl::schema_sdl;
