//! An open page: going places, finding things by role, name and text, and waiting for what should appear.

use std::path::Path;

use base64::Engine;
use serde_json::{Value, json};

use super::session::{Answer, ElementId, Session};
use super::wait::{PATIENCE, eventually};

/// What a thing is to a person: the roles that assistive technology announces.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// Something to press.
    Button,
    /// Something that leads elsewhere.
    Link,
    /// A line of a table.
    Row,
    /// An item of an open menu.
    MenuItem,
    /// One of several to choose from.
    Radio,
}

impl Role {
    /// Elements that may have the role; the browser then says which do.
    fn candidates(self) -> &'static str {
        match self {
            Self::Button => "button, summary, [role=button], input[type=submit]",
            Self::Link => "a[href], [role=link]",
            Self::Row => "tr, [role=row]",
            Self::MenuItem => "[role=menuitem]",
            Self::Radio => "input[type=radio]",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Link => "link",
            Self::Row => "row",
            Self::MenuItem => "menuitem",
            Self::Radio => "radio",
        }
    }
}

/// The theme the system asks for.
#[derive(Clone, Copy, Debug)]
pub enum Theme {
    /// Light surfaces.
    Light,
    /// Dark surfaces.
    Dark,
}

/// A browser with one page of one server.
pub struct Page {
    session: Session,
    origin: String,
}

/// Finds what has a name that contains the first argument: by its label, or by the name given to it alone.
const FIELD: &str = "
    const named = (field) => [field.ariaLabel ?? '', ...[...(field.labels ?? [])].map((label) => label.textContent)];
    const fields = [...document.querySelectorAll('dialog[open] :is(input, textarea, select), main :is(input, textarea, select)')];
    const field = fields.find((field) => named(field).some((name) => name.includes(arguments[0])));
    if (!field) return false;
";

/// Notes the body of every request, and answers some of them as a server does that is broken.
const WATCH: &str = "
    const send = window.fetch;
    window.asked = [];
    window.fetch = async (request, ...rest) => {
        const body = request instanceof Request ? await request.clone().text() : '';
        window.asked.push(body);
        const refused = JSON.parse(sessionStorage.refused ?? '[]');
        const isRefused = refused.some((words) => body.includes(words));
        return isRefused ? new Response('', { status: 500 }) : send(request, ...rest);
    };
";

impl Page {
    /// Opens a browser for the dashboard at `origin`, for example `http://127.0.0.1:8080`.
    pub fn open(origin: String) -> Self {
        Self {
            session: Session::open(),
            origin,
        }
    }

    /// Goes to a URL of the dashboard; a `Route` prints one.
    pub fn goto(&self, path: impl std::fmt::Display) {
        self.session
            .navigate(&format!("{}{path}", self.origin))
            .expect("the page loads");
    }

    /// Follows a link to a URL of the dashboard, as a person does: a page that the driver leaves right after it was opened
    /// does not always stay in the browser's history.
    pub fn follow(&self, path: impl std::fmt::Display) {
        let follow = "const link = Object.assign(document.createElement('a'), { href: arguments[0] });
            document.querySelector('main').append(link);
            link.click();
            link.remove();";
        self.execute(follow, &[json!(format!("{}{path}", self.origin))]);
        self.expect_path(&path.to_string());
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.session.reload().expect("the page loads again");
    }

    /// Where we are: path and query.
    pub fn path(&self) -> String {
        let url = self.session.current_url().expect("the page has an address");
        url.strip_prefix(&self.origin).unwrap_or(&url).to_owned()
    }

    /// Waits until we are at a place whose path starts with `start`, and returns the whole of it.
    #[track_caller]
    pub fn expect_path(&self, start: &str) -> String {
        eventually(
            &format!("to be at {start}, from {}", self.path()),
            PATIENCE,
            || Some(self.path()).filter(|path| path.starts_with(start)),
        )
    }

    /// All text on the page, as rendered.
    pub fn text(&self) -> String {
        let body = self.session.find_all("body").unwrap_or_default();
        body.first()
            .and_then(|body| self.session.text(body).ok())
            .unwrap_or_default()
    }

    /// Waits until `text` can be read on the page.
    #[track_caller]
    pub fn expect_text(&self, text: &str) {
        self.expect(&format!("the page says '{text}'"), |page| {
            page.text().contains(text)
        });
    }

    /// Waits until `text` can no longer be read.
    #[track_caller]
    pub fn expect_no_text(&self, text: &str) {
        self.expect(&format!("the page no longer says '{text}'"), |page| {
            !page.text().contains(text)
        });
    }

    /// Waits until something holds; on failure the page's text is in the message.
    #[track_caller]
    pub fn expect(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(
                std::time::Instant::now() <= deadline,
                "not within {} s: {what}; the page reads:\n{}",
                PATIENCE.as_secs(),
                self.text()
            );
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
    }

    /// Waits for a thing of this role whose name contains `name`, and clicks it.
    #[track_caller]
    pub fn click(&self, role: Role, name: &str) {
        self.click_within("", role, name);
    }

    /// The same among the descendants of the elements that match `css`.
    #[track_caller]
    pub fn click_within(&self, css: &str, role: Role, name: &str) {
        self.expect(&format!("a {} '{name}' to click", role.name()), |page| {
            // It may be replaced between finding and clicking; then the next round finds the new one.
            let clicked = page.find(css, role, name).and_then(|found| match found {
                Some(element) => page.session.click(&element).map(|()| true),
                None => Ok(false),
            });
            clicked.unwrap_or(false)
        });
    }

    /// Waits for a field whose name contains `name`, and writes into it.
    #[track_caller]
    pub fn fill(&self, name: &str, text: &str) {
        let script = format!(
            "{FIELD} field.focus(); field.value = arguments[1];
            field.dispatchEvent(new Event('input', {{ bubbles: true }})); return true;"
        );
        self.expect(&format!("a field '{name}' to write into"), |page| {
            page.execute(&script, &[json!(name), json!(text)]) == json!(true)
        });
    }

    /// Waits for a select whose name contains `name` and for this option, and chooses it.
    #[track_caller]
    pub fn choose(&self, name: &str, option: &str) {
        let script = format!(
            "{FIELD} const option = [...field.options].find((option) => option.text === arguments[1]);
            if (!option) return false;
            field.value = option.value;
            field.dispatchEvent(new Event('change', {{ bubbles: true }})); return true;"
        );
        self.expect(&format!("'{option}' among the options of '{name}'"), |page| {
            page.execute(&script, &[json!(name), json!(option)]) == json!(true)
        });
    }

    /// The text of the first row that contains `text`, if there is one.
    pub fn row(&self, text: &str) -> Option<String> {
        let rows = self.session.find_all(Role::Row.candidates()).ok()?;
        rows.iter()
            .filter_map(|row| self.session.text(row).ok())
            .find(|row| row.contains(text))
    }

    /// Waits until the row that contains `row` also contains `text`.
    #[track_caller]
    pub fn expect_row(&self, row: &str, text: &str) {
        self.expect(&format!("the row '{row}' says '{text}'"), |page| {
            page.row(row).is_some_and(|seen| seen.contains(text))
        });
    }

    /// Waits until the page has a title and has loaded what it shows.
    #[track_caller]
    pub fn settle(&self) {
        let is_there = "return document.querySelector('main h1') !== null && document.querySelector('main .loading') === null";
        self.expect("the page has a title and has loaded what it shows", |page| {
            page.execute(is_there, &[]) == json!(true)
        });
    }

    /// The name of the page's title.
    pub fn title(&self) -> String {
        let titles = self.session.find_all("h1").unwrap_or_default();
        titles
            .first()
            .and_then(|title| self.session.text(title).ok())
            .unwrap_or_default()
    }

    /// The state that the head of the page announces, as its badge is marked: `timed-out`, `success`.
    pub fn state(&self) -> String {
        let script = "return document.querySelector('main header[data-state]')?.dataset.state ?? ''";
        self.session
            .execute(script, &[])
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Runs JavaScript in the page; for measuring, not for finding things.
    pub fn execute(&self, script: &str, arguments: &[Value]) -> Value {
        self.session.execute(script, arguments).expect("the script runs")
    }

    /// Errors on the console since the last call.
    pub fn console_errors(&self) -> Vec<String> {
        let entries = self
            .session
            .console()
            .expect("the console can be read")
            .into_iter();
        entries
            .filter(|(level, _)| level == "SEVERE")
            .map(|(_, message)| message)
            .collect()
    }

    /// Makes the page this many CSS pixels large; widths below 600 count as a phone.
    pub fn set_viewport(&self, width: u32, height: u32) {
        let mobile = width < 600;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.session
            .devtools("Emulation.setDeviceMetricsOverride", metrics)
            .expect("the viewport changes");
    }

    /// From now on the page is touched: it has no pointer that is exact.
    pub fn use_fingers(&self) {
        self.session
            .devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true }))
            .expect("the page is touched");
    }

    /// Has requests to these addresses fail, in which `*` stands for anything; with none of them all go through again.
    pub fn block(&self, addresses: &[&str]) {
        for (command, parameters) in [
            ("Network.enable", json!({})),
            ("Network.setBlockedURLs", json!({ "urls": addresses })),
        ] {
            self.session
                .devtools(command, parameters)
                .expect("requests are blocked");
        }
    }

    /// Every page from the next one on is so many milliseconds ahead of the time.
    pub fn set_clock_ahead(&self, millis: u32) {
        let source = format!("const now = Date.now; Date.now = () => now() + {millis};");
        self.session
            .devtools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": source }),
            )
            .expect("the clock is set");
    }

    /// Watches what every page asks from the next one on, for [`Self::asked`] and [`Self::refuse`].
    pub fn watch_requests(&self) {
        let script = json!({ "source": WATCH });
        self.session
            .devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .expect("requests are watched");
    }

    /// How many requests this page has sent with these words in their body.
    pub fn asked(&self, words: &str) -> usize {
        let script = "return window.asked.filter((body) => body.includes(arguments[0])).length";
        let count = self.execute(script, &[json!(words)]).as_u64();
        count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
    }

    /// Has requests fail that have any of these words in their body; with none of them all go through again.
    pub fn refuse(&self, words: &[&str]) {
        let script = "sessionStorage.refused = JSON.stringify(arguments[0])";
        self.execute(script, &[json!(words)]);
    }

    /// Has each answer come so many milliseconds later; with none of them as soon as ever.
    pub fn delay_answers(&self, millis: u32) {
        let conditions =
            json!({ "offline": false, "latency": millis, "downloadThroughput": -1, "uploadThroughput": -1 });
        for (command, parameters) in [
            ("Network.enable", json!({})),
            ("Network.emulateNetworkConditions", conditions),
        ] {
            self.session
                .devtools(command, parameters)
                .expect("answers are delayed");
        }
    }

    /// Lets the page save files, all of them in `folder` and without asking.
    pub fn save_files_in(&self, folder: &Path) {
        let behavior = json!({ "behavior": "allow", "downloadPath": folder.to_string_lossy() });
        self.session
            .devtools("Page.setDownloadBehavior", behavior)
            .expect("files may be saved");
    }

    /// Lets the system ask for a theme, and for no motion, which pictures cannot show.
    pub fn set_theme(&self, theme: Theme) {
        let scheme = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.session
            .devtools("Emulation.setEmulatedMedia", features)
            .expect("the theme changes");
        let shown = "return document.documentElement?.dataset.theme ?? arguments[0]";
        self.expect(&format!("the page is {scheme}"), |page| {
            page.execute(shown, &[json!(scheme)]) == json!(scheme)
        });
    }

    /// Presses a key that is no letter: `Enter`, `ArrowDown`, `Escape`.
    pub fn press(&self, key: &str) {
        // By its number the browser itself knows the key that closes a dialog, by its text the one that presses a button.
        let (number, text) = match key {
            "Escape" => (27, ""),
            "Enter" => (13, "\r"),
            _ => (0, ""),
        };
        for kind in ["keyDown", "keyUp"] {
            self.session
                .devtools(
                    "Input.dispatchKeyEvent",
                    json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": number, "text": text }),
                )
                .expect("the key can be pressed");
        }
    }

    /// Opens the command palette and waits until it takes what is written: its code may still be on its way.
    #[track_caller]
    pub fn open_palette(&self) {
        self.chord("k");
        let focused = "return document.activeElement?.getAttribute('aria-label') ?? ''";
        self.expect("the palette takes what is written", |page| {
            page.execute(focused, &[]) == json!("Name or id")
        });
    }

    /// Presses Ctrl and a letter.
    pub fn chord(&self, key: &str) {
        for kind in ["rawKeyDown", "keyUp"] {
            self.session
                .devtools(
                    "Input.dispatchKeyEvent",
                    json!({ "type": kind, "key": key, "modifiers": 2 }),
                )
                .expect("the keys can be pressed");
        }
    }

    /// Writes into what has the focus.
    pub fn write(&self, text: &str) {
        self.session
            .devtools("Input.insertText", json!({ "text": text }))
            .expect("text can be written");
    }

    /// Presses the mouse at a point, moves it so many pixels to the right in small steps, and lets it go there.
    pub fn drag(&self, (x, y): (f64, f64), by: f64) {
        const STEPS: u32 = 6;
        let step = |step: u32| x + by * f64::from(step) / f64::from(STEPS);
        let begin = [("mouseMoved", x, "none", 0), ("mousePressed", x, "left", 1)];
        let moves = (1..=STEPS).map(|at| ("mouseMoved", step(at), "left", 1));
        let end = [("mouseReleased", x + by, "left", 0)];
        for (kind, x, button, buttons) in begin.into_iter().chain(moves).chain(end) {
            let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1 });
            self.session
                .devtools("Input.dispatchMouseEvent", event)
                .expect("the mouse can be moved");
        }
    }

    /// Puts two fingers on the page, `from` pixels to the left and to the right of a point, and moves them to `to`.
    pub fn pinch(&self, (x, y): (f64, f64), from: f64, to: f64) {
        let fingers =
            |apart: f64| json!([{ "x": x - apart, "y": y, "id": 0 }, { "x": x + apart, "y": y, "id": 1 }]);
        let steps = [
            ("touchStart", fingers(from)),
            ("touchMove", fingers(f64::midpoint(from, to))),
            ("touchMove", fingers(to)),
            ("touchEnd", json!([])),
        ];
        for (kind, points) in steps {
            self.session
                .devtools(
                    "Input.dispatchTouchEvent",
                    json!({ "type": kind, "touchPoints": points }),
                )
                .expect("fingers can touch the page");
        }
    }

    /// Writes a picture of what is visible.
    pub fn screenshot(&self, file: &Path) {
        let png = self.session.screenshot().expect("a picture can be taken");
        std::fs::write(file, decode_base64(&png)).expect("the picture can be written");
    }

    /// Leaves picture, page and console in `folder`, as far as the browser still answers.
    pub fn leave_evidence(&self, folder: &Path) {
        let write = |name: &str, content: Vec<u8>| {
            if let Err(error) = std::fs::write(folder.join(name), content) {
                eprintln!("could not write {name}: {error}");
            }
        };
        if let Ok(png) = self.session.screenshot() {
            write("page.png", decode_base64(&png));
        }
        if let Ok(source) = self.session.source() {
            write("page.html", source.into_bytes());
        }
        if let Ok(entries) = self.session.console() {
            let lines: Vec<String> = entries
                .iter()
                .map(|(level, message)| format!("{level} {message}"))
                .collect();
            write("console.log", lines.join("\n").into_bytes());
        }
    }

    /// The thing of this role that is called `name`, or else the first whose name contains it, below the elements that
    /// match `css`.
    fn find(&self, css: &str, role: Role, name: &str) -> Answer<Option<ElementId>> {
        let below = |candidate: &str| format!("{css} {}", candidate.trim());
        let selector = role
            .candidates()
            .split(',')
            .map(below)
            .collect::<Vec<_>>()
            .join(", ");
        let mut longer = None;
        for element in self.session.find_all(&selector)? {
            let label = self.session.label(&element).unwrap_or_default();
            if !label.contains(name) || self.session.role(&element)? != role.name() {
                continue;
            }
            if label == name {
                return Ok(Some(element));
            }
            longer = longer.or(Some(element));
        }
        Ok(longer)
    }
}

fn decode_base64(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .expect("the driver sends pictures in base64")
}
