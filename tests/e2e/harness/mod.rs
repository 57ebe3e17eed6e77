//! What the tests speak in: a stage with a server and an open browser, and things on a page found as a person would.
//!
//! Nothing of the WebDriver protocol gets past this folder, and nothing about what Flowdeck shows gets into it.

mod chromedriver;
mod page;
mod plain;
mod ports;
mod run_processes;
mod server;
mod session;
mod stage;
mod wait;

pub use page::{Page, Role, Theme};
pub use plain::PlainServer;
pub use server::Server;
pub use stage::Stage;
pub use wait::{PATIENCE, eventually};

/// Says that a test cannot be run here. Under CI that is a failure: it must not be green without what it guards.
pub fn skip(why: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "under CI nothing is skipped: {why}"
    );
    // Not `eprintln!`, of which nothing is seen when a test passes.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("skipped: {why}\n").as_bytes());
}
