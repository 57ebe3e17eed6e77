//! From a GraphQL document to one SQL statement per root field. No SQL of mutations, no HTTP in here.

pub mod catalogue;
pub mod grammar;
mod sdl;

pub use sdl::schema_sdl;
