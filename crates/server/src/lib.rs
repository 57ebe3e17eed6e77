//! The server of Flowdeck: a compiler from GraphQL to SQL over an embedded database.

pub mod assets;
pub mod config;
pub mod context;
pub mod error;
pub mod graphql;
pub mod http;
pub mod loops;
pub mod mutations;
pub mod origin;
pub mod queries;
pub mod server;
pub mod store;
pub mod time;

pub use config::{BasePath, Config, Limits};
pub use origin::Origin;
pub use server::{Addresses, Bound, StartError, bind};
