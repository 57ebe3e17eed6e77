//! The server of Flowdeck: a compiler from GraphQL to SQL over an embedded database.

pub mod context;
pub mod error;
pub mod graphql;
pub mod loops;
pub mod mutations;
pub mod queries;
pub mod store;
pub mod time;
