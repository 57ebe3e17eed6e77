//! What a server needs to know before it starts, with defaults that are safe on a machine of one's own.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use crate::assets::Assets;
use crate::store::DatabaseUrl;
use crate::time::{SystemTime, TimeSource};

/// How to run a server.
#[derive(Clone)]
pub struct Config {
    /// The address both listeners bind to: loopback unless told otherwise.
    pub host: IpAddr,
    /// The port of the dashboard; 0 takes a free one.
    pub port: u16,
    /// The port of the API; 0 takes a free one.
    pub api_port: u16,
    /// Where the data is.
    pub database: DatabaseUrl,
    /// How much one request may ask for.
    pub limits: Limits,
    /// The dashboard's files.
    pub assets: Assets,
    /// Whether the background loops (scheduler) run.
    pub run_loops: bool,
    /// The source of the time; tests replace it.
    pub time: Arc<dyn TimeSource>,
    /// How long running requests may go on after the server was told to stop.
    pub grace: Duration,
}

impl Config {
    /// The defaults: loopback, 8080 and 4200.
    #[must_use]
    pub fn new(database: DatabaseUrl) -> Config {
        Config {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            api_port: 4200,
            database,
            limits: Limits::default(),
            assets: Assets::default(),
            run_loops: true,
            time: Arc::new(SystemTime::default()),
            grace: Duration::from_secs(5),
        }
    }
}

/// How much one request may ask for. Every limit answers with one sentence that names it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's body. The client of Prefect 1 sends logs in batches of up to 4 MB, and the original
    /// server took 5 MB.
    pub body_bytes: usize,
    /// Operations in one batched body. The old dashboard sends up to 25.
    pub batch: usize,
    /// How deep selections may nest; introspection is exempt.
    pub depth: usize,
    /// Fields at the root, aliases included.
    pub root_fields: usize,
    /// Fields in the whole operation, fragments unfolded.
    pub fields: usize,
    /// Rows of one list when the request sets no limit. Prefect's clients expect all rows, so it is generous.
    pub rows: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_bytes: 5 * 1024 * 1024,
            batch: 100,
            depth: 12,
            root_fields: 1_000,
            fields: 10_000,
            rows: 1_000_000,
        }
    }
}
