//! Every URL of the dashboard: printed here, parsed here, and nowhere else spelled out.

use std::cell::RefCell;
use std::fmt;

use flowdeck_vocabulary::{FlowId, FlowRunId, ProjectId, StateType, TaskId, TaskRunId};

use crate::model::{
    FlowSort, FlowsView, LogFilter, LogLevel, Part, SchematicView, TaskRunsView, TimelineView, Timestamp,
    wire_text,
};

thread_local! {
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Tells below which path the dashboard is served: `/flowdeck/`, or `/` when it has a host to itself. All URLs begin
/// with it.
pub fn set_base(path: &str) {
    BASE.set(path.trim_end_matches('/').to_owned());
}

/// A path of the server's below that one: `/graphql` is `/flowdeck/graphql`.
#[must_use]
pub fn below_base(path: &str) -> String {
    BASE.with_borrow(|base| format!("{base}{path}"))
}

/// What a path is below that one; `None` when it is elsewhere.
fn without_base(path: &str) -> Option<&str> {
    let rest = BASE.with_borrow(|base| path.strip_prefix(base.as_str()))?;
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

/// Whether a path is the dashboard's.
#[must_use]
pub fn is_below_base(path: &str) -> bool {
    without_base(path).is_some()
}

/// The values in a path for the names in a pattern such as `/flow/:id`; `None` when it is another place's.
#[must_use]
pub fn values_in(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut parts = without_base(path)?.split('/').filter(|part| !part.is_empty());
    let mut values = Vec::new();
    for wanted in pattern.split('/').filter(|part| !part.is_empty()) {
        let part = parts.next()?;
        match wanted.strip_prefix(':') {
            Some(name) => values.push((name, part.to_owned())),
            None if wanted == part => {}
            None => return None,
        }
    }
    parts.next().is_none().then_some(values)
}

/// A place in the dashboard. [`Display`](fmt::Display) writes its URL, [`Route::parse`] reads one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// What fails, runs and comes, and each flow in a line.
    Home,
    /// All flows by project.
    Flows,
    /// One project.
    Project(ProjectId, ProjectTab),
    /// One flow; the id of a version, or of the flow group, which stands for its newest version.
    Flow(FlowId, FlowTab),
    /// The run history; with the text of a filter.
    Runs(Option<String>),
    /// One run of a flow.
    FlowRun(FlowRunId, FlowRunTab),
    /// One task of a version of a flow.
    Task(TaskId),
    /// One run of a task.
    TaskRun(TaskRunId),
    /// The agents and what they can take.
    Agents,
    /// What a person can set, and what server answers.
    Settings,
}

/// The tabs of the project page; the first one has no name in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ProjectTab {
    /// Its flows.
    #[default]
    Flows,
    /// The runs of its flows.
    Runs,
}

/// The tabs of the flow page; the first one has no name in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FlowTab {
    /// Description, schedule, parameters and settings.
    #[default]
    Overview,
    /// Its tasks and how they depend on one another, as a picture.
    Schematic,
    /// Its latest runs.
    Runs,
    /// Its tasks.
    Tasks,
    /// When it runs by itself.
    Schedules,
    /// Its versions, and what changed between two.
    Versions,
    /// A form that starts a run with other values than the usual ones.
    Run,
    /// What can be set for all its versions, and its end.
    Settings,
}

/// The tabs of the flow run page; the first one has no name in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FlowRunTab {
    /// Every task run and its state.
    #[default]
    TaskRuns,
    /// The tasks and how they depend on one another, as a live picture.
    Schematic,
    /// When each task ran.
    Timeline,
    /// What the run wrote.
    Logs,
    /// The states it has been in.
    History,
    /// What it was given: parameters, context, run config, labels.
    Parameters,
    /// What its tasks left for people to read.
    Artifacts,
}

/// A tab with its name in the URL.
pub trait Tab: Copy + Default + PartialEq + 'static {
    /// All tabs, in the order in which they are shown.
    const ALL: &'static [Self];

    /// The name in the URL, `?tab=…`.
    fn name(self) -> &'static str;

    /// The tab of this name; the first one when there is none.
    #[must_use]
    fn named(name: Option<&str>) -> Self {
        named(name)
    }
}

fn named<T: Tab>(name: Option<&str>) -> T {
    let mut tabs = T::ALL.iter().copied();
    tabs.find(|tab| Some(tab.name()) == name).unwrap_or_default()
}

/// What the URL says of a run history beside whose it is; the same on each page that has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunsView {
    /// The text of the filter.
    pub query: String,
    /// Says that there is no filter, where without a word a person's default view would come.
    pub is_explicit: bool,
    /// The order; `None` is the usual one.
    pub sort: Option<String>,
    /// The columns, separated by commas; `None` are those the person chose last.
    pub columns: Option<String>,
}

impl RunsView {
    /// The names in the URL, in the order of the fields.
    pub const PARAMETERS: [&str; 3] = ["q", "sort", "columns"];
}

impl Tab for ProjectTab {
    const ALL: &'static [Self] = &[Self::Flows, Self::Runs];

    fn name(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Runs => "runs",
        }
    }
}

impl Tab for FlowTab {
    const ALL: &'static [Self] = &[
        Self::Overview,
        Self::Schematic,
        Self::Runs,
        Self::Tasks,
        Self::Schedules,
        Self::Versions,
        Self::Run,
        Self::Settings,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Schematic => "schematic",
            Self::Runs => "runs",
            Self::Tasks => "tasks",
            Self::Schedules => "schedules",
            Self::Versions => "versions",
            Self::Run => "run",
            Self::Settings => "settings",
        }
    }
}

impl Tab for FlowRunTab {
    const ALL: &'static [Self] = &[
        Self::TaskRuns,
        Self::Schematic,
        Self::Timeline,
        Self::Logs,
        Self::History,
        Self::Parameters,
        Self::Artifacts,
    ];

    fn named(name: Option<&str>) -> Self {
        match name {
            // Links from before the tab was two.
            Some("details") => Self::History,
            name => named(name),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::TaskRuns => "task-runs",
            Self::Schematic => "schematic",
            Self::Timeline => "timeline",
            Self::Logs => "logs",
            Self::History => "history",
            Self::Parameters => "parameters",
            Self::Artifacts => "artifacts",
        }
    }
}

impl Route {
    /// One flow, at its first tab.
    #[must_use]
    pub fn flow(id: FlowId) -> Self {
        Self::Flow(id, FlowTab::default())
    }

    /// One flow run, at its first tab.
    #[must_use]
    pub fn flow_run(id: FlowRunId) -> Self {
        Self::FlowRun(id, FlowRunTab::default())
    }

    /// The URL with a task selected in it.
    #[must_use]
    pub fn with_task(&self, task: Option<TaskId>) -> String {
        let task = task.map_or_else(String::new, |task| task.to_string());
        with_values(self.to_string(), &[("task", &task)])
    }

    /// The URL with what is shown of a schematic in it.
    #[must_use]
    pub fn with_schematic(&self, view: &SchematicView) -> String {
        let states: Vec<&str> = view.states.iter().map(|state| state.css_name()).collect();
        let only = if view.only_failed { "failed" } else { "" };
        let values = [("only", only), ("state", &states.join(","))];
        with_values(self.with_task(view.task), &values)
    }

    /// The URL with what is shown of a timeline in it.
    #[must_use]
    pub fn with_timeline(&self, view: &TimelineView) -> String {
        let url = self.with_task(view.task);
        let short = |time: Timestamp| wire_text(time).replace("+00:00", "Z");
        match view.part {
            None => url,
            Some(Part::Around(at)) => with_values(url, &[("at", &(at.micros() / 1_000).to_string())]),
            Some(Part::Between(from, to)) => with_values(url, &[("from", &short(from)), ("to", &short(to))]),
        }
    }

    /// The URL of what changed between two versions of a flow.
    #[must_use]
    pub fn compared(flow: FlowId, with: FlowId) -> String {
        format!("{}&with={with}", Self::Flow(flow, FlowTab::Versions))
    }

    /// The URL of a flow's run form, filled from an earlier run: "run again with changes".
    #[must_use]
    pub fn run_form_from(flow: FlowId, run: FlowRunId) -> String {
        format!("{}&from={run}", Self::Flow(flow, FlowTab::Run))
    }

    /// The project, at its first tab.
    #[must_use]
    pub fn project(id: ProjectId) -> Self {
        Self::Project(id, ProjectTab::default())
    }

    /// The URL with a view of the run history in it.
    #[must_use]
    pub fn with_runs_view(&self, view: &RunsView) -> String {
        let mut url = self.to_string();
        let query = Some(&view.query).filter(|query| !query.is_empty() || view.is_explicit);
        let values = [query, view.sort.as_ref(), view.columns.as_ref()];
        for (name, value) in RunsView::PARAMETERS.into_iter().zip(values) {
            if let Some(value) = value {
                add_value(&mut url, name, value);
            }
        }
        url
    }

    /// The URL with what is shown of a list of flows in it.
    #[must_use]
    pub fn with_flows_view(&self, view: &FlowsView) -> String {
        let sort = if view.sort == FlowSort::default() {
            ""
        } else {
            view.sort.name()
        };
        let archived = if view.archived { "yes" } else { "" };
        let values = [("q", view.text.as_str()), ("sort", sort), ("archived", archived)];
        with_values(self.to_string(), &values)
    }

    /// The URL with only some of a mapped task's children in it: those in a state, and those whose numbers `index`
    /// names, such as `7` or `10-19,25`.
    #[must_use]
    pub fn with_children(&self, state: Option<StateType>, index: &str) -> String {
        let index: String = index
            .chars()
            .filter(|c| c.is_ascii_digit() || matches!(c, '-' | ','))
            .collect();
        let values = [
            ("state", state.map_or("", StateType::css_name)),
            ("index", &index),
        ];
        with_values(self.to_string(), &values)
    }

    /// The URL with what is shown of a flow run's task runs in it.
    #[must_use]
    pub fn with_task_runs(&self, view: &TaskRunsView) -> String {
        let open: Vec<String> = view.open.iter().map(ToString::to_string).collect();
        let values = [
            ("state", view.state.map_or("", StateType::css_name)),
            ("text", &view.text),
            ("sort", &view.sort_text()),
            ("open", &open.join(",")),
        ];
        with_values(self.with_task(view.task), &values)
    }

    /// The URL with what is shown of a log in it.
    #[must_use]
    pub fn with_log(&self, filter: &LogFilter) -> String {
        let second = |time: Option<Timestamp>| time.map_or_else(String::new, |time| time.field_text(0) + "Z");
        let values = [
            ("level", filter.level.map_or("", LogLevel::name)),
            ("logger", &filter.logger),
            ("from", &second(filter.from)),
            ("to", &second(filter.to)),
            ("text", &filter.text),
            ("only", if filter.only_matches { "matches" } else { "" }),
            (
                "log",
                &filter.line.map_or_else(String::new, |line| line.to_string()),
            ),
        ];
        with_values(self.with_task(filter.task), &values)
    }

    /// The place a URL stands for (path and query, no host); `None` when there is none.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let path = without_base(path)?;
        let value = |name| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(k, _)| *k == name)
        };
        let tab = value("tab").map(|(_, v)| v);
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let route = match (parts.next(), parts.next()) {
            (None, None) => Self::Home,
            (Some("flows"), None) => Self::Flows,
            (Some("runs"), None) => Self::Runs(value("q").map(|(_, v)| decode(v))),
            (Some("agents"), None) => Self::Agents,
            (Some("settings"), None) => Self::Settings,
            (Some("project"), Some(id)) => Self::Project(id.parse().ok()?, ProjectTab::named(tab)),
            (Some("flow"), Some(id)) => Self::Flow(id.parse().ok()?, FlowTab::named(tab)),
            (Some("flow-run"), Some(id)) => Self::FlowRun(id.parse().ok()?, FlowRunTab::named(tab)),
            (Some("task"), Some(id)) => Self::Task(id.parse().ok()?),
            (Some("task-run"), Some(id)) => Self::TaskRun(id.parse().ok()?),
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }
}

/// What the URL of a task run says of its children, see [`Route::with_children`].
pub const OF_CHILDREN: [&str; 2] = ["state", "index"];

/// What a URL says of a log, see [`Route::with_log`].
pub const OF_LOG: [&str; 8] = ["task", "level", "logger", "from", "to", "text", "only", "log"];

/// The URL with these query parameters as they are; `value` answers them, decoded. Where two parts of a page write
/// into its URL, each keeps what is the other's.
#[must_use]
pub fn keeping(url: String, names: &[&str], value: impl Fn(&str) -> Option<String>) -> String {
    let add = |url, name: &&str| with_values(url, &[(*name, &value(name).unwrap_or_default())]);
    names.iter().fold(url, add)
}

/// What the URL shows of a log; `value` answers a value of the query, decoded.
#[must_use]
pub fn log_filter(value: impl Fn(&str) -> Option<String>) -> LogFilter {
    let level = value("level");
    LogFilter {
        level: LogLevel::ALL
            .into_iter()
            .find(|known| level.as_deref() == Some(known.name())),
        logger: value("logger").unwrap_or_default(),
        task: value("task").and_then(|text| text.parse().ok()),
        from: value("from").and_then(|text| Timestamp::parse(&text)),
        to: value("to").and_then(|text| Timestamp::parse(&text)),
        text: value("text").unwrap_or_default(),
        only_matches: value("only").as_deref() == Some("matches"),
        line: value("log").and_then(|text| text.parse().ok()),
    }
}

/// What a URL says is shown of a flow run's task runs; `value` answers its query parameters.
#[must_use]
pub fn task_runs_view(value: impl Fn(&str) -> Option<String>) -> TaskRunsView {
    let text = |name: &str| value(name).unwrap_or_default();
    TaskRunsView {
        task: text("task").parse().ok(),
        state: StateType::ALL
            .into_iter()
            .find(|state| state.css_name() == text("state")),
        sort: TaskRunsView::parse_sort(&text("sort")),
        open: text("open").split(',').filter_map(|id| id.parse().ok()).collect(),
        text: text("text"),
    }
}

/// What a URL says is shown of a schematic; `value` answers its query parameters.
#[must_use]
pub fn schematic_view(value: impl Fn(&str) -> Option<String>) -> SchematicView {
    let states = value("state").unwrap_or_default();
    let states: Vec<&str> = states.split(',').collect();
    let is_named = |state: &StateType| states.contains(&state.css_name());
    SchematicView {
        task: value("task").and_then(|text| text.parse().ok()),
        only_failed: value("only").as_deref() == Some("failed"),
        states: StateType::ALL.into_iter().filter(is_named).collect(),
    }
}

/// What a URL says is shown of a timeline; `value` answers its query parameters.
#[must_use]
pub fn timeline_view(value: impl Fn(&str) -> Option<String>) -> TimelineView {
    let time = |name: &str| value(name).and_then(|text| Timestamp::parse(&text));
    let between = time("from").zip(time("to"));
    let around = || {
        let millis = value("at")?.parse::<i64>().ok()?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of this century are far below 2^52"
        )]
        Some(Part::Around(Timestamp::from_millis(millis as f64)))
    };
    TimelineView {
        task: value("task").and_then(|text| text.parse().ok()),
        part: between.map(|(from, to)| Part::Between(from, to)).or_else(around),
    }
}

fn with_tab<T: Tab>(f: &mut fmt::Formatter<'_>, tab: T) -> fmt::Result {
    if tab == T::default() {
        Ok(())
    } else {
        write!(f, "?tab={}", tab.name())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&below_base(""))?;
        match self {
            Self::Home => f.write_str("/"),
            Self::Flows => f.write_str("/flows"),
            Self::Project(id, tab) => {
                write!(f, "/project/{id}")?;
                with_tab(f, *tab)
            }
            Self::Flow(id, tab) => {
                write!(f, "/flow/{id}")?;
                with_tab(f, *tab)
            }
            Self::Runs(None) => f.write_str("/runs"),
            Self::Runs(Some(query)) => {
                let mut url = "/runs?q=".to_owned();
                encode(query, &mut url);
                f.write_str(&url)
            }
            Self::FlowRun(id, tab) => {
                write!(f, "/flow-run/{id}")?;
                with_tab(f, *tab)
            }
            Self::Task(id) => write!(f, "/task/{id}"),
            Self::TaskRun(id) => write!(f, "/task-run/{id}"),
            Self::Agents => f.write_str("/agents"),
            Self::Settings => f.write_str("/settings"),
        }
    }
}

/// A URL with these query parameters after those it has; without those that say nothing.
fn with_values(mut url: String, values: &[(&str, &str)]) -> String {
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        add_value(&mut url, name, value);
    }
    url
}

fn add_value(url: &mut String, name: &str, value: &str) {
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str(name);
    url.push('=');
    encode(value, url);
}

/// Writes text as the value of a query parameter. What a filter is written with stays readable.
fn encode(text: &str, url: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:,*/@!()".contains(&byte) {
            url.push(char::from(byte));
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            url.push('%');
            url.push(char::from(DIGITS[usize::from(byte >> 4)]));
            url.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// Reads the value of a query parameter; what is no text comes out as the replacement character.
fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail
            .get(..2)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match (
            first,
            digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (first, _) => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";

    fn every_route() -> Vec<Route> {
        let mut routes = vec![
            Route::Home,
            Route::Flows,
            Route::Runs(None),
            Route::Runs(Some("state:failed name:~\"größe & 5%\" duration:>10m".to_owned())),
            Route::Task(ID.parse().unwrap()),
            Route::TaskRun(ID.parse().unwrap()),
            Route::Agents,
            Route::Settings,
        ];
        routes.extend(
            ProjectTab::ALL
                .iter()
                .map(|tab| Route::Project(ID.parse().unwrap(), *tab)),
        );
        routes.extend(
            FlowTab::ALL
                .iter()
                .map(|tab| Route::Flow(ID.parse().unwrap(), *tab)),
        );
        routes.extend(
            FlowRunTab::ALL
                .iter()
                .map(|tab| Route::FlowRun(ID.parse().unwrap(), *tab)),
        );
        routes
    }

    #[test]
    fn every_route_reads_back_as_it_was_written() {
        for route in every_route() {
            assert_eq!(Route::parse(&route.to_string()), Some(route.clone()), "{route}");
        }
    }

    #[test]
    fn urls_are_these() {
        let urls: Vec<String> = every_route()
            .iter()
            .map(|route| route.to_string().replace(ID, ":id"))
            .collect();
        assert_eq!(
            urls,
            [
                "/",
                "/flows",
                "/runs",
                "/runs?q=state:failed%20name:~%22gr%C3%B6%C3%9Fe%20%26%205%25%22%20duration:%3E10m",
                "/task/:id",
                "/task-run/:id",
                "/agents",
                "/settings",
                "/project/:id",
                "/project/:id?tab=runs",
                "/flow/:id",
                "/flow/:id?tab=schematic",
                "/flow/:id?tab=runs",
                "/flow/:id?tab=tasks",
                "/flow/:id?tab=schedules",
                "/flow/:id?tab=versions",
                "/flow/:id?tab=run",
                "/flow/:id?tab=settings",
                "/flow-run/:id",
                "/flow-run/:id?tab=schematic",
                "/flow-run/:id?tab=timeline",
                "/flow-run/:id?tab=logs",
                "/flow-run/:id?tab=history",
                "/flow-run/:id?tab=parameters",
                "/flow-run/:id?tab=artifacts",
            ]
        );
    }

    #[test]
    fn below_another_path_all_urls_begin_with_it() {
        // A thread of its own: other tests have a host to themselves.
        let test = std::thread::spawn(|| {
            set_base("/flowdeck/");
            for route in every_route() {
                assert!(route.to_string().starts_with("/flowdeck/"), "{route}");
                assert_eq!(Route::parse(&route.to_string()), Some(route));
            }
            assert_eq!(Route::parse("/flowdeck"), Some(Route::Home));
            assert_eq!(Route::parse("/flowdeck?x=1"), Some(Route::Home));
            assert_eq!(Route::parse("/flows"), None);
            assert_eq!(Route::parse("/flowdecks/flows"), None);
            assert_eq!(below_base("/graphql"), "/flowdeck/graphql");
            assert_eq!(values_in("/flows", "/flowdeck/flows"), Some(Vec::new()));
            assert_eq!(values_in("/", "/flowdeck"), Some(Vec::new()));
            assert!(!is_below_base("/flows"));
        });
        test.join().unwrap();
    }

    #[test]
    fn a_pattern_takes_the_values_out_of_its_paths_only() {
        assert_eq!(values_in("/", "/"), Some(Vec::new()));
        assert_eq!(
            values_in("/flow/:id", "/flow/7"),
            Some(vec![("id", "7".to_owned())])
        );
        assert_eq!(
            values_in("/flow/:id", "/flow/7/"),
            Some(vec![("id", "7".to_owned())])
        );
        for path in ["/flow", "/flow/7/8", "/flow-run/7", "/"] {
            assert_eq!(values_in("/flow/:id", path), None, "{path}");
        }
    }

    #[test]
    fn a_selected_task_is_part_of_the_url() {
        let task = Some(ID.parse().unwrap());
        let run = Route::FlowRun(ID.parse().unwrap(), FlowRunTab::Schematic);
        assert_eq!(run.with_task(None), run.to_string());
        assert_eq!(run.with_task(task), format!("{run}&task={ID}"));
        assert_eq!(Route::parse(&run.with_task(task)), Some(run));
        assert_eq!(
            Route::flow(ID.parse().unwrap()).with_task(task),
            format!("/flow/{ID}?task={ID}")
        );
    }

    /// The values of a URL by their names.
    fn values(url: &str) -> impl Fn(&str) -> Option<String> {
        let query = url.split_once('?').map_or("", |(_, query)| query).to_owned();
        move |name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| decode(value))
        }
    }

    #[test]
    fn what_is_shown_of_a_schematic_reads_back_as_it_was_written() {
        let route = Route::FlowRun(ID.parse().unwrap(), FlowRunTab::Schematic);
        let view = SchematicView {
            task: Some(ID.parse().unwrap()),
            only_failed: true,
            states: [StateType::TimedOut, StateType::Skipped].into(),
        };
        let url = route.with_schematic(&view);
        assert_eq!(Route::parse(&url), Some(route.clone()));
        assert_eq!(schematic_view(values(&url)), view);
        assert_eq!(route.with_schematic(&SchematicView::default()), route.to_string());
        let nothing = schematic_view(|_| Some("nonsense".to_owned()));
        assert_eq!(nothing, SchematicView::default());
    }

    #[test]
    fn what_is_shown_of_a_timeline_reads_back_as_it_was_written() {
        let route = Route::FlowRun(ID.parse().unwrap(), FlowRunTab::Timeline);
        let time = |text| Timestamp::parse(text).unwrap();
        let (from, to) = (
            time("2026-11-28T10:00:00.000012Z"),
            time("2026-11-28T10:00:00.5Z"),
        );
        let at = time("2026-11-28T10:00:00.123Z");
        for part in [None, Some(Part::Around(at)), Some(Part::Between(from, to))] {
            let view = TimelineView {
                task: Some(ID.parse().unwrap()),
                part,
            };
            let url = route.with_timeline(&view);
            assert_eq!(Route::parse(&url), Some(route.clone()));
            assert_eq!(timeline_view(values(&url)), view, "{url}");
        }
        assert_eq!(route.with_timeline(&TimelineView::default()), route.to_string());
        let nothing = timeline_view(|_| Some("nonsense".to_owned()));
        assert_eq!(nothing, TimelineView::default());
    }

    #[test]
    fn the_version_to_compare_with_is_part_of_the_url() {
        let id = ID.parse().unwrap();
        let url = Route::compared(id, id);
        assert_eq!(url, format!("/flow/{ID}?tab=versions&with={ID}"));
        assert_eq!(Route::parse(&url), Some(Route::Flow(id, FlowTab::Versions)));
    }

    #[test]
    fn a_view_of_the_flows_reads_back_as_it_was_written() {
        let view = FlowsView {
            text: "größe & so".to_owned(),
            archived: true,
            sort: FlowSort::NextRun,
        };
        let url = Route::Flows.with_flows_view(&view);
        assert_eq!(Route::parse(&url), Some(Route::Flows));
        assert_eq!(FlowsView::read(values(&url)), view);
        assert_eq!(Route::Flows.with_flows_view(&FlowsView::default()), "/flows");
    }

    #[test]
    fn the_run_to_start_from_is_part_of_the_url() {
        let url = Route::run_form_from(ID.parse().unwrap(), ID.parse().unwrap());
        assert_eq!(url, format!("/flow/{ID}?tab=run&from={ID}"));
        assert_eq!(
            Route::parse(&url),
            Some(Route::Flow(ID.parse().unwrap(), FlowTab::Run))
        );
    }

    #[test]
    fn a_view_of_the_run_history_is_part_of_the_url() {
        let route = Route::Flow(ID.parse().unwrap(), FlowTab::Runs);
        assert_eq!(route.with_runs_view(&RunsView::default()), route.to_string());
        let view = RunsView {
            query: "state:failed".to_owned(),
            is_explicit: false,
            sort: Some("-end".to_owned()),
            columns: Some("state,run".to_owned()),
        };
        assert_eq!(
            route.with_runs_view(&view),
            format!("/flow/{ID}?tab=runs&q=state:failed&sort=-end&columns=state,run")
        );
        assert_eq!(
            Route::Runs(None).with_runs_view(&view),
            "/runs?q=state:failed&sort=-end&columns=state,run"
        );
        let all = RunsView {
            is_explicit: true,
            ..RunsView::default()
        };
        assert_eq!(Route::Runs(None).with_runs_view(&all), "/runs?q=");
    }

    #[test]
    fn a_broken_escape_is_read_as_it_stands() {
        for (value, text) in [
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("a+b", "a b"),
            ("%C3", "\u{fffd}"),
            ("%+5", "% 5"),
        ] {
            assert_eq!(decode(value), text);
        }
    }

    #[test]
    fn the_children_that_are_shown_are_part_of_the_url() {
        let run = Route::TaskRun(ID.parse().unwrap());
        assert_eq!(run.with_children(None, ""), run.to_string());
        let url = run.with_children(Some(StateType::TimedOut), "10-19&x");
        assert_eq!(url, format!("{run}?state=timed-out&index=10-19"));
        assert_eq!(run.with_children(None, "7, 9"), format!("{run}?index=7,9"));
        assert_eq!(Route::parse(&url), Some(run));
    }

    #[test]
    fn children_and_log_of_a_task_run_keep_what_is_the_others() {
        let run = Route::TaskRun(ID.parse().unwrap());
        let (children, log) = (
            run.with_children(Some(StateType::Failed), "10-19"),
            run.with_log(&every_filter()),
        );
        let both = keeping(children.clone(), &OF_LOG, values(&log));
        assert_eq!(log_filter(values(&both)), every_filter());
        assert_eq!(OF_CHILDREN.map(values(&both)), OF_CHILDREN.map(values(&children)));
        let both = keeping(log, &OF_CHILDREN, values(&both));
        assert_eq!(log_filter(values(&both)), every_filter());
        assert_eq!(OF_CHILDREN.map(values(&both)), OF_CHILDREN.map(values(&children)));
        assert_eq!(
            keeping(run.to_string(), &OF_LOG, values(&children)),
            run.to_string()
        );
    }

    fn every_filter() -> LogFilter {
        LogFilter {
            level: Some(LogLevel::Warning),
            logger: "prefect.Flow Runner".to_owned(),
            task: Some(ID.parse().unwrap()),
            from: Timestamp::parse("2026-11-23T23:59:58Z"),
            to: Timestamp::parse("2026-11-24T00:00:07Z"),
            text: "50% & \"grün\"?#=".to_owned(),
            only_matches: true,
            line: Some(ID.parse().unwrap()),
        }
    }

    #[test]
    fn what_is_shown_of_a_log_reads_back_as_it_was_written() {
        let run = Route::FlowRun(ID.parse().unwrap(), FlowRunTab::Logs);
        assert_eq!(run.with_log(&LogFilter::default()), run.to_string());
        let filter = every_filter();
        let url = run.with_log(&filter);
        assert_eq!(Route::parse(&url), Some(run));
        assert_eq!(log_filter(values(&url)), filter);
        assert_eq!(log_filter(|_| Some("nonsense".to_owned())).level, None);
    }

    #[test]
    fn what_is_shown_of_task_runs_reads_back_as_it_was_written() {
        let view = TaskRunsView {
            task: Some(ID.parse().unwrap()),
            state: Some(StateType::TimedOut),
            text: "a & b?".to_owned(),
            sort: TaskRunsView::parse_sort("-duration"),
            open: vec![ID.parse().unwrap(); 2],
        };
        let route = Route::flow_run(ID.parse().unwrap());
        let url = route.with_task_runs(&view);
        assert_eq!(Route::parse(&url), Some(route.clone()));
        assert_eq!(task_runs_view(values(&url)), view);
        assert_eq!(route.with_task_runs(&TaskRunsView::default()), route.to_string());
    }

    #[test]
    fn what_is_no_place_is_not_found() {
        for url in [
            "/nowhere",
            "/flow",
            "/flow/12",
            "/flow-run/x?tab=logs",
            "/runs/all/of/them",
        ] {
            assert_eq!(Route::parse(url), None, "{url}");
        }
        assert_eq!(
            Route::parse(&format!("/flow/{ID}?tab=dance")),
            Some(Route::flow(ID.parse().unwrap()))
        );
    }
}
