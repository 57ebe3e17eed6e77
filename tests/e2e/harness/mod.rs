//! What the tests speak in: a stage with a server and an open browser, and things on a page found as a person would.
//!
//! Nothing of the WebDriver protocol gets past this folder, and nothing about what Flowdeck shows gets into it.

mod chromedriver;
mod page;
mod plain;
mod ports;
mod server;
mod session;
mod stage;
mod wait;

pub use page::{Page, Role, Theme};
pub use plain::PlainServer;
pub use server::Server;
pub use stage::Stage;
pub use wait::{PATIENCE, eventually};
