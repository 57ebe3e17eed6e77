//! A server for one test, and the few words in which tests talk to it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use flowdeck_server::store::{DatabaseUrl, Store};
use flowdeck_server::time::{self, ManualTime};
use flowdeck_server::{Config, bind};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// A running server. It stops, and its database goes, when it is dropped.
pub struct TestServer {
    pub api: SocketAddr,
    pub dashboard: SocketAddr,
    /// The server's time. It stands still until a test moves it.
    pub time: Arc<ManualTime>,
    /// The server's database, to put rows where no mutation would.
    pub store: Store,
    agent: ureq::Agent,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    served: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
    _folder: tempfile::TempDir,
}

/// The status and the body of an answer, and its headers.
pub struct Reply {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl TestServer {
    /// A server whose time is 2026-01-01 and whose loops do not run.
    pub fn start() -> TestServer {
        Self::start_with(|_, _| {})
    }

    /// The same, with its configuration changed; the second argument is a folder that lives as long as the server.
    pub fn start_with(configure: impl FnOnce(&mut Config, &Path)) -> TestServer {
        let folder = tempfile::tempdir().unwrap();
        let time = Arc::new(ManualTime::starting_at(
            time::parse("2026-01-01T00:00:00Z").unwrap(),
        ));
        let mut config = Config::new(DatabaseUrl::File(folder.path().join("flowdeck.db")));
        config.port = 0;
        config.api_port = 0;
        config.run_loops = false;
        config.time = time.clone();
        configure(&mut config, folder.path());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let bound = runtime.block_on(bind(config)).unwrap();
        let addresses = bound.addresses();
        let store = bound.store().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = runtime.spawn(bound.serve(async {
            let _ = stopped.await;
        }));
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        TestServer {
            api: addresses.api,
            dashboard: addresses.dashboard,
            time,
            store,
            agent,
            runtime,
            stop: Some(stop),
            served: Some(served),
            _folder: folder,
        }
    }

    /// Posts a body to `/` of the API, as the Python client does.
    pub fn post(&self, body: impl AsRef<[u8]>) -> Reply {
        self.post_to(&format!("http://{}/", self.api), &[], body)
    }

    /// Posts a body anywhere, with headers.
    pub fn post_to(&self, url: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
        let mut request = self.agent.post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        reply(request.send(body.as_ref()).unwrap())
    }

    /// Gets a URL, with headers.
    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        reply(request.call().unwrap())
    }

    /// Runs a document that must succeed and answers its `data`.
    pub fn data(&self, query: &str, variables: Json) -> Json {
        let reply = self.post(json!({ "query": query, "variables": variables }).to_string());
        let mut body = reply.json();
        assert_eq!((reply.status, body.get("errors")), (200, None), "{query}");
        body["data"].take()
    }

    /// The same without variables.
    pub fn query(&self, query: &str) -> Json {
        self.data(query, json!({}))
    }

    /// Runs a document that must fail: the status, and the first message.
    pub fn failure(&self, query: &str, variables: Json) -> (u16, String) {
        let reply = self.post(json!({ "query": query, "variables": variables }).to_string());
        let body = reply.json();
        let message = body["errors"][0]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("no error in {body}"));
        (reply.status, message.to_owned())
    }

    /// Runs statements on the database, separated by semicolons.
    pub fn sql(&self, statements: &str) {
        let statements: Vec<String> = statements
            .split(';')
            .map(|s| s.trim().to_owned())
            .filter(|s| !s.is_empty())
            .collect();
        self.runtime
            .block_on(self.store.write(move |db| {
                statements
                    .iter()
                    .try_for_each(|statement| db.execute(statement, &[]).map(drop))
            }))
            .unwrap();
    }

    /// Lets the database grow to this many pages at most, or to what it has: a disk that is full, or no longer.
    pub fn most_pages(&self, most: u32) {
        let sql = format!("PRAGMA max_page_count = {most}");
        self.runtime
            .block_on(self.store.write(move |db| db.query(&sql, &[])))
            .unwrap();
    }

    /// The columns of a table, and whether each may be null.
    pub fn columns(&self, table: &str) -> Vec<(String, bool)> {
        let sql = format!("SELECT name, \"notnull\" FROM pragma_table_xinfo('{table}')");
        let rows = self
            .runtime
            .block_on(self.store.read(move |db| db.query(&sql, &[])))
            .unwrap();
        rows.iter()
            .map(|row| (row.text(0).unwrap().to_owned(), !row.boolean(1).unwrap()))
            .collect()
    }

    /// Stops the server and waits for its end.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(served) = self.served.take() {
            self.runtime.block_on(served).unwrap().unwrap();
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

fn reply(response: ureq::http::Response<ureq::Body>) -> Reply {
    let (parts, mut body) = response.into_parts();
    let body = body.with_config().limit(100 * 1024 * 1024).read_to_vec().unwrap();
    Reply {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body,
    }
}
