//! A WebDriver session: the dozen HTTP calls of the W3C protocol that the tests need.
//!
//! Our own hundred lines rather than a client library: those are asynchronous, and a test that fails must still take its
//! screenshot while it unwinds, where nothing can be awaited.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use super::chromedriver::Chromedriver;

/// The key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser under our control; dropped, it is closed.
pub struct Session {
    http: Agent,
    url: String,
    _driver: Chromedriver,
    _profile: TempDir,
}

/// What the driver says when something does not work: the protocol's code, for example `stale element reference`, and
/// an explanation.
pub struct DriverError(String);

impl fmt::Debug for DriverError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The result of one call.
pub type Answer<T> = Result<T, DriverError>;

/// An element the driver has handed out; it goes stale when the page replaces it.
#[derive(Clone, Debug)]
pub struct ElementId(String);

impl Session {
    /// Opens a browser with an empty profile.
    pub fn open() -> Self {
        let driver = Chromedriver::start();
        let profile = TempDir::new().expect("a temporary folder for the browser's profile");
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false);
        let http: Agent = config.build().into();
        let mut session = Self {
            http,
            url: format!("{}/session", driver.url),
            _driver: driver,
            _profile: profile,
        };
        let profile_arg = format!("--user-data-dir={}", session._profile.path().display());
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // A container's /dev/shm is often too small for a browser.
            "--disable-dev-shm-usage",
            "--window-size=1440,900",
            &profile_arg,
        ];
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        }}});
        let opened = session
            .call("POST", "", capabilities)
            .expect("the browser starts");
        let id = opened["sessionId"].as_str().expect("a session has an id");
        session.url = format!("{}/{id}", session.url);
        session
    }

    /// Opens a URL and waits until the page is loaded.
    pub fn navigate(&self, url: &str) -> Answer<()> {
        self.call("POST", "/url", json!({ "url": url })).map(drop)
    }

    /// Loads the page again.
    pub fn reload(&self) -> Answer<()> {
        self.call("POST", "/refresh", json!({})).map(drop)
    }

    /// The URL in the address bar.
    pub fn current_url(&self) -> Answer<String> {
        self.call("GET", "/url", Value::Null).map(text_of)
    }

    /// Runs the body of a JavaScript function with `arguments`.
    pub fn execute(&self, script: &str, arguments: &[Value]) -> Answer<Value> {
        self.call(
            "POST",
            "/execute/sync",
            json!({ "script": script, "args": arguments }),
        )
    }

    /// All elements that match, in document order.
    pub fn find_all(&self, css: &str) -> Answer<Vec<ElementId>> {
        let found = self.call(
            "POST",
            "/elements",
            json!({ "using": "css selector", "value": css }),
        )?;
        let elements = found.as_array().into_iter().flatten();
        Ok(elements
            .filter_map(|element| element[ELEMENT].as_str().map(|id| ElementId(id.to_owned())))
            .collect())
    }

    /// The text of an element as it is rendered.
    pub fn text(&self, element: &ElementId) -> Answer<String> {
        self.call("GET", &format!("/element/{}/text", element.0), Value::Null)
            .map(text_of)
    }

    /// The role that assistive technology is told.
    pub fn role(&self, element: &ElementId) -> Answer<String> {
        self.call(
            "GET",
            &format!("/element/{}/computedrole", element.0),
            Value::Null,
        )
        .map(text_of)
    }

    /// The name that assistive technology is told.
    pub fn label(&self, element: &ElementId) -> Answer<String> {
        self.call(
            "GET",
            &format!("/element/{}/computedlabel", element.0),
            Value::Null,
        )
        .map(text_of)
    }

    /// Scrolls to the element, waits until it keeps its place from one frame to the next, and clicks its middle, as a
    /// mouse would: something in front of it makes this fail.
    pub fn click(&self, element: &ElementId) -> Answer<()> {
        // The driver's own scrolling knows nothing of the room that the page keeps free for its bars.
        let scroll = "
            const thing = arguments[0];
            thing.scrollIntoView({ block: 'nearest', behavior: 'instant' });
            let before = '';
            for (let frame = 0; frame < 30; frame += 1) {
                const { x, y } = thing.getBoundingClientRect();
                if (before === `${x} ${y}`) return;
                before = `${x} ${y}`;
                await new Promise((next) => requestAnimationFrame(next));
            }";
        self.execute(scroll, &[json!({ ELEMENT: element.0 })])?;
        self.call("POST", &format!("/element/{}/click", element.0), json!({}))
            .map(drop)
    }

    /// What the page looks like, as PNG in base64.
    pub fn screenshot(&self) -> Answer<String> {
        self.call("GET", "/screenshot", Value::Null).map(text_of)
    }

    /// The page as it is now.
    pub fn source(&self) -> Answer<String> {
        self.call("GET", "/source", Value::Null).map(text_of)
    }

    /// What was written to the console since the last call, as `(level, message)`.
    pub fn console(&self) -> Answer<Vec<(String, String)>> {
        let entries = self.call("POST", "/se/log", json!({ "type": "browser" }))?;
        let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        Ok(entries
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| (word(e, "level"), word(e, "message")))
            .collect())
    }

    /// A command of the browser's own protocol, for what WebDriver has no word.
    pub fn devtools(&self, command: &str, parameters: Value) -> Answer<Value> {
        self.call(
            "POST",
            "/goog/cdp/execute",
            json!({ "cmd": command, "params": parameters }),
        )
    }

    fn call(&self, method: &str, path: &str, body: Value) -> Answer<Value> {
        let url = format!("{}{path}", self.url);
        let sent = match method {
            "GET" => self.http.get(&url).call(),
            "DELETE" => self.http.delete(&url).call(),
            _ => self.http.post(&url).send_json(&body),
        };
        let broken = |error: ureq::Error| DriverError(format!("chromedriver does not answer: {error}"));
        let mut response = sent.map_err(broken)?;
        let mut answer: Value = response
            .body_mut()
            .with_config()
            .limit(100 << 20)
            .read_json()
            .map_err(broken)?;
        let value = answer["value"].take();
        if response.status().is_success() {
            return Ok(value);
        }
        let said = |key: &str| value[key].as_str().unwrap_or_default();
        Err(DriverError(format!("{}: {}", said("error"), said("message"))))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The driver ends the browser; if it no longer answers, ending the driver does the same.
        let _ = self.call("DELETE", "", Value::Null);
    }
}

fn text_of(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
