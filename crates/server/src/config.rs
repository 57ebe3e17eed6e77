//! What a server needs to know before it starts, with defaults that are safe on a machine of one's own.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::assets::Assets;
use crate::origin::Origin;
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
    /// Below which path the dashboard is served.
    pub base_path: BasePath,
    /// Whose web pages may use the API, beside those of this machine.
    pub allowed_origins: Vec<Origin>,
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
            base_path: BasePath::default(),
            allowed_origins: Vec::new(),
            run_loops: true,
            time: Arc::new(SystemTime::default()),
            grace: Duration::from_secs(5),
        }
    }
}

/// Below which path of its host the dashboard is served: `/flowdeck`; empty when it has the host to itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasePath(String);

impl BasePath {
    /// The path without a slash at its end, so that another can be put after it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<BasePath, String> {
        let path = text.trim_end_matches('/');
        let is_name = |part: &str| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
            !part.is_empty() && part != "." && part != ".." && part.chars().all(is_plain)
        };
        let is_fine = path.is_empty()
            || path
                .strip_prefix('/')
                .is_some_and(|path| path.split('/').all(is_name));
        if is_fine {
            Ok(BasePath(path.to_owned()))
        } else {
            Err(format!(
                "{text} is no path to serve the dashboard below. Write it like /flowdeck, with letters, digits and - . _ ~ only."
            ))
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
    /// Bytes of one answer, all operations of a batch together: a named `limit` and aliases can ask for the same rows
    /// any number of times. All rows of a list without a limit fit in.
    pub answer_bytes: usize,
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
            answer_bytes: 256 * 1024 * 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_has_a_slash_before_it_and_none_after_it() {
        for (text, path) in [
            ("", ""),
            ("/", ""),
            ("/flowdeck", "/flowdeck"),
            ("/a.b/c~d/", "/a.b/c~d"),
        ] {
            assert_eq!(text.parse::<BasePath>().unwrap().as_str(), path);
        }
        for text in ["flowdeck", "//x", "/a//b", "/../x", "/a b", "/<x>", "/{x}", "/ä"] {
            let error = text.parse::<BasePath>().unwrap_err();
            assert!(error.contains("Write it like /flowdeck"), "{error}");
        }
    }
}
