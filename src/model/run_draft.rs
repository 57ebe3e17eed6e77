//! The run form: what a person has put in, what of it is sent, and the command that does the same.

use std::time::Duration;

use flowdeck_vocabulary::shell::option;
use flowdeck_vocabulary::{FlowId, FlowRunId, Labels, log_level, with_log_level};
use serde_json::{Map, Value, json};

use super::parameter_draft::{FieldError, ParametersDraft, json_text, read_object};
use super::{Flow, Timestamp, wire_text};
use crate::format;

/// What an earlier run was given, to start from.
#[derive(Debug, Clone, PartialEq)]
pub struct RunInputs {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub parameters: Map<String, Value>,
    /// Its context.
    pub context: Value,
    /// Its labels.
    pub labels: Labels,
    /// How it was started.
    pub run_config: Value,
}

/// Which part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunField {
    /// The parameter with this number.
    Parameter(usize),
    /// All parameters as JSON.
    Parameters,
    /// The day, time and zone.
    When,
    /// The context.
    Context,
    /// The run config.
    RunConfig,
}

impl RunField {
    /// The id of its control in the page.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Self::Parameter(index) => format!("parameter-{index}"),
            Self::Parameters => "parameters-json".to_owned(),
            Self::When => "run-date".to_owned(),
            Self::Context => "run-context".to_owned(),
            Self::RunConfig => "run-config".to_owned(),
        }
    }

    /// Whether it is among those that are folded away at first.
    #[must_use]
    pub fn is_advanced(self) -> bool {
        matches!(self, Self::Context | Self::RunConfig)
    }
}

/// What a person has put into the run form.
#[derive(Debug, Clone, PartialEq)]
pub struct RunDraft {
    /// The version of the flow.
    pub flow_id: FlowId,
    /// The run it was filled from, and that one's name.
    pub from: Option<(FlowRunId, String)>,
    /// Whether it starts later and not now.
    pub later: bool,
    /// The day, `2026-11-26`.
    pub date: String,
    /// The time of day, `14:00`.
    pub time: String,
    /// The name of the time zone.
    pub zone: String,
    /// The run's name; empty for a random one.
    pub run_name: String,
    /// Which agents may take it.
    pub labels: Labels,
    /// From which level on it logs; empty for the agent's own.
    pub log_level: String,
    /// The context, as JSON.
    pub context: String,
    /// The run config, as JSON.
    pub run_config: String,
    base_labels: Labels,
    base_run_config: Value,
}

impl RunDraft {
    /// With what holds when nothing is changed.
    #[must_use]
    pub fn new(flow: &Flow, zone: String) -> Self {
        // Flows of old clients have an environment in its place, which is no run config.
        let kind = flow.run_config.get("type").and_then(Value::as_str);
        let base_run_config = match kind {
            Some(kind) if !kind.ends_with("Environment") => flow.run_config.clone(),
            _ => Value::Null,
        };
        Self {
            flow_id: flow.id,
            from: None,
            later: false,
            date: String::new(),
            time: String::new(),
            zone,
            run_name: String::new(),
            labels: flow.labels.clone(),
            log_level: String::new(),
            context: String::new(),
            run_config: config_text(&base_run_config),
            base_labels: flow.labels.clone(),
            base_run_config,
        }
    }

    /// Puts in what an earlier run was given, but for the parameters.
    pub fn fill(&mut self, id: FlowRunId, inputs: &RunInputs) {
        self.from = Some((id, inputs.name.clone()));
        self.labels = inputs.labels.clone();
        self.context = match &inputs.context {
            Value::Object(context) if !context.is_empty() => json_text(&inputs.context),
            _ => String::new(),
        };
        // A level is shown as one where all else is as the flow has it.
        let (given, base) = (&inputs.run_config, &self.base_run_config);
        let level = log_level(given).filter(|level| log_level(base) != Some(*level));
        let only_level = level.is_some() && without_log_level(given) == without_log_level(base);
        self.log_level = level.filter(|_| only_level).unwrap_or_default().to_owned();
        self.run_config = config_text(if only_level || given.is_null() {
            base
        } else {
            given
        });
    }

    /// Takes over what was put into an earlier draft of the same version, where that differs from its defaults.
    pub fn keep_typed(&mut self, earlier: &Self) {
        let mut kept = earlier.clone();
        if earlier.labels == earlier.base_labels {
            kept.labels = self.labels.clone();
        }
        if !earlier.config_is_changed() {
            kept.run_config.clone_from(&self.run_config);
        }
        kept.base_labels = self.base_labels.clone();
        kept.base_run_config = self.base_run_config.clone();
        *self = kept;
    }

    fn config_is_changed(&self) -> bool {
        match read_object(&self.run_config) {
            Ok(config) if config.is_empty() => false,
            Ok(config) => Value::Object(config) != self.base_run_config,
            Err(_) => true,
        }
    }

    /// Back to the labels that the run gets by itself.
    pub fn reset_labels(&mut self) {
        self.labels = self.base_labels.clone();
    }

    /// Whether the labels are others than those the run gets by itself.
    #[must_use]
    pub fn labels_are_changed(&self) -> bool {
        self.labels != self.base_labels
    }

    /// Sets day and time to the next full hour that is at least half an hour away, on the clock of the zone.
    pub fn suggest_time(&mut self, now: Timestamp, offset: impl Fn(&str, Timestamp) -> Option<i32>) {
        let offset = offset(&self.zone, now).unwrap_or(0);
        let hour = Duration::from_secs(3600);
        let start = now
            .after(Duration::from_secs(1800))
            .floor(hour, offset)
            .after(hour);
        let [year, month, day, hour, minute, _] = start.on_clock(offset);
        self.date = format!("{year:04}-{month:02}-{day:02}");
        self.time = format!("{hour:02}:{minute:02}");
    }

    /// When it starts; `None` for now. `offset` says how many minutes a zone's clock is ahead of UTC at a time.
    pub fn start(
        &self,
        now: Timestamp,
        offset: impl Fn(&str, Timestamp) -> Option<i32>,
    ) -> Result<Option<Timestamp>, FieldError> {
        if !self.later {
            return Ok(None);
        }
        let error = |message: String| FieldError { message, at: None };
        if self.date.is_empty() || self.time.is_empty() {
            return Err(error("It needs a day and a time.".to_owned()));
        }
        let seconds = if self.time.len() == 5 { ":00" } else { "" };
        let clock = Timestamp::parse(&format!("{}T{}{seconds}Z", self.date, self.time))
            .ok_or_else(|| error("It takes a day and a time, such as 2026-11-26 14:00.".to_owned()))?;
        let zone = self.zone.trim();
        let unknown = || error(format!("There is no time zone '{zone}'. One is Europe/Berlin."));
        let at = on_zones_clock(clock, |time| offset(zone, time)).map_err(|skipped| {
            if skipped {
                error(format!(
                    "The clock in {zone} skips {} on that day; choose another time.",
                    self.time
                ))
            } else {
                unknown()
            }
        })?;
        if at <= now {
            return Err(error(format!(
                "That time has passed: it was {}.",
                format::relative(at, now)
            )));
        }
        Ok(Some(at))
    }

    /// What is to be sent, or all that is wrong.
    pub fn request(
        &self,
        parameters: &ParametersDraft,
        now: Timestamp,
        offset: impl Fn(&str, Timestamp) -> Option<i32>,
    ) -> Result<RunRequest, Vec<(RunField, FieldError)>> {
        let mut errors = Vec::new();
        let parameters = parameters.to_send().unwrap_or_else(|found| {
            let field = |index: Option<usize>| index.map_or(RunField::Parameters, RunField::Parameter);
            errors.extend(found.into_iter().map(|(index, error)| (field(index), error)));
            Map::new()
        });
        let start = self.start(now, offset).unwrap_or_else(|error| {
            errors.push((RunField::When, error));
            None
        });
        let context = read_object(&self.context).unwrap_or_else(|error| {
            errors.push((RunField::Context, error));
            Map::new()
        });
        let config = read_object(&self.run_config).unwrap_or_else(|error| {
            errors.push((RunField::RunConfig, error));
            Map::new()
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        let own_config = self.config_is_changed().then_some(Value::Object(config));
        let level = Some(self.log_level.as_str()).filter(|level| !level.is_empty());
        let run_config = match (&own_config, level) {
            (None, None) => None,
            (config, None) => config.clone(),
            (config, level) => Some(with_log_level(
                config.as_ref().unwrap_or(&self.base_run_config),
                level,
            )),
        };
        let labels_are_changed = self.labels_are_changed();
        // The labels of a run config that is sent would replace those of the flow group, unasked.
        let would_change = run_config
            .as_ref()
            .and_then(|config| serde_json::from_value::<Labels>(config.get("labels")?.clone()).ok())
            .is_some_and(|labels| labels != self.labels);
        Ok(RunRequest {
            flow_id: self.flow_id,
            parameters,
            start,
            run_name: Some(self.run_name.trim())
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            labels: (labels_are_changed || would_change).then(|| self.labels.clone()),
            labels_are_changed,
            context: Some(context).filter(|context| !context.is_empty()),
            only_level: level.filter(|_| own_config.is_none()).map(str::to_owned),
            run_config,
        })
    }
}

/// A run config without its log level, and without an environment when there is nothing else in it.
fn without_log_level(config: &Value) -> Value {
    let mut config = with_log_level(config, None);
    if let Value::Object(config) = &mut config
        && config.get("env").is_some_and(Value::is_null)
    {
        config.remove("env");
    }
    config
}

fn config_text(config: &Value) -> String {
    match config {
        Value::Object(_) => crate::json::pretty(config),
        _ => String::new(),
    }
}

/// The time at which a clock shows this; of two the earlier one. The error is whether the clock skips it (otherwise
/// its zone is unknown).
fn on_zones_clock(clock: Timestamp, offset: impl Fn(Timestamp) -> Option<i32>) -> Result<Timestamp, bool> {
    let shifted = |minutes: i32| {
        let by = Duration::from_secs(u64::from(minutes.unsigned_abs()) * 60);
        if minutes < 0 {
            clock.after(by)
        } else {
            clock.before(by)
        }
    };
    // The offsets of a day before and after are the only two it can have.
    let day = Duration::from_secs(86_400);
    let before = offset(clock.before(day)).ok_or(false)?;
    let after = offset(clock.after(day)).ok_or(false)?;
    let fits = |minutes: i32| Some(shifted(minutes)).filter(|time| offset(*time) == Some(minutes));
    fits(before).or_else(|| fits(after)).ok_or(true)
}

/// A flow run to be created: only what differs from what it gets by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRequest {
    flow_id: FlowId,
    parameters: Map<String, Value>,
    /// When it starts; `None` for now.
    pub start: Option<Timestamp>,
    run_name: Option<String>,
    labels: Option<Labels>,
    labels_are_changed: bool,
    context: Option<Map<String, Value>>,
    run_config: Option<Value>,
    /// The log level, where nothing else of the run config is changed.
    only_level: Option<String>,
}

impl RunRequest {
    /// `create_flow_run_input` of the API.
    #[must_use]
    pub fn to_input(&self) -> Value {
        let mut input = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                input.insert(name.to_owned(), value);
            }
        };
        let parameters = Some(&self.parameters).filter(|map| !map.is_empty());
        add("flow_id", Some(json!(self.flow_id)));
        add("parameters", parameters.map(|map| Value::Object(map.clone())));
        add(
            "scheduled_start_time",
            self.start.map(|start| json!(wire_text(start))),
        );
        add("flow_run_name", self.run_name.as_ref().map(|name| json!(name)));
        add("labels", self.labels.as_ref().map(|labels| json!(labels)));
        add("context", self.context.clone().map(Value::Object));
        add("run_config", self.run_config.clone());
        Value::Object(input)
    }

    /// What will be sent, in a few words each; `changed` of so many parameters are among it.
    #[must_use]
    pub fn summary(&self, (changed, all): (usize, usize), now: Timestamp) -> Vec<String> {
        let mut words = vec![match (changed, all) {
            (_, 0) => "no parameters".to_owned(),
            (0, _) => "default parameters".to_owned(),
            (changed, all) => format!("{changed} of {} changed", format::counted(all, "parameter")),
        }];
        words.push(
            self.start
                .map_or("now".to_owned(), |start| format::relative(start, now)),
        );
        words.extend(self.run_name.as_ref().map(|name| format!("named {name}")));
        if self.labels_are_changed {
            let labels: Vec<&str> = self.labels.iter().flat_map(Labels::iter).collect();
            words.push(if labels.is_empty() {
                "no labels".to_owned()
            } else {
                format!("labels {}", labels.join(", "))
            });
        }
        let context = self.context.as_ref().map(Map::len);
        words.extend(context.map(|values| format!("a context with {}", format::counted(values, "value"))));
        words.push(match (&self.run_config, &self.only_level) {
            (None, _) => "default run config".to_owned(),
            (Some(_), Some(level)) => format!("log level {level}"),
            (Some(_), None) => "own run config".to_owned(),
        });
        words
    }

    /// The command that does the same: of a flow by its name, or of a version by its id.
    #[must_use]
    pub fn command(&self, flow: &Flow) -> String {
        let mut line = "flowdeck run".to_owned();
        if flow.newer().is_some() {
            line += &option("--name", &flow.id.to_string());
        } else {
            line += &option("--name", &flow.name);
            line += &option("--project", &flow.project_name);
        }
        for (name, value) in &self.parameters {
            let text = match value {
                // The command reads a value as JSON where it can.
                Value::String(text) if serde_json::from_str::<Value>(text).is_err() => text.clone(),
                value => crate::json::compact(value),
            };
            line += &option("--param", &format!("{name}={text}"));
        }
        if let Some(start) = self.start {
            let time = wire_text(start);
            line += &option("--at", &format!("{}Z", time.get(..19).unwrap_or(&time)));
        }
        if let Some(name) = &self.run_name {
            line += &option("--run-name", name);
        }
        // The command keeps the labels by itself where only the level is new.
        if let Some(labels) = self
            .labels
            .as_ref()
            .filter(|_| self.labels_are_changed || self.only_level.is_none())
        {
            for label in labels.iter() {
                line += &option("--label", label);
            }
            if labels.is_empty() {
                line.push_str(" --no-labels");
            }
        }
        if let Some(context) = &self.context {
            line += &option(
                "--context",
                &crate::json::compact(&Value::Object(context.clone())),
            );
        }
        match (&self.run_config, &self.only_level) {
            (Some(_), Some(level)) => line += &option("--log-level", &level.to_ascii_lowercase()),
            (Some(config), None) => line += &option("--run-config", &crate::json::compact(config)),
            (None, _) => {}
        }
        line
    }
}

/// The command that starts a flow with values for these parameters.
#[must_use]
pub fn run_command(flow_name: &str, parameters: &[String]) -> String {
    let mut line = "flowdeck run".to_owned() + &option("--name", flow_name);
    for name in parameters {
        line += &option("--param", name);
        line.push_str("=…");
    }
    line
}

#[cfg(test)]
mod tests {
    use flowdeck_vocabulary::LOG_LEVEL_VARIABLE;

    use super::*;
    use crate::model::{FlowSettings, ParametersFor};

    const ID: &str = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// Berlin in the year 2026; no other zone is known.
    fn offset(zone: &str, time: Timestamp) -> Option<i32> {
        let summer = at("2026-03-29T01:00:00Z")..at("2026-10-25T01:00:00Z");
        (zone == "Europe/Berlin").then(|| if summer.contains(&time) { 120 } else { 60 })
    }

    fn flow() -> Flow {
        let nowhere = at("2026-01-01T00:00:00Z");
        Flow {
            id: ID.parse().unwrap(),
            group_id: ID.parse().unwrap(),
            name: "etl's".to_owned(),
            version: 1,
            versions: Vec::new(),
            description: None,
            archived: false,
            created_at: nowhere,
            core_version: None,
            parameters: serde_json::from_value(json!([
                { "name": "n", "value_type": "integer", "default": 1 },
                { "name": "path", "value_type": "string", "required": true },
            ]))
            .unwrap(),
            default_parameters: json!({ "path": "/srv" }),
            labels: ["gpu"].into_iter().collect(),
            settings: FlowSettings {
                labels: None,
                own_labels: Labels::default(),
                description: None,
                run_config: None,
                heartbeat: true,
                lazarus: true,
            },
            schedule: None,
            schedule_is_of_group: false,
            is_schedule_active: false,
            next_at: None,
            storage: Value::Null,
            run_config: json!({ "type": "UniversalRun", "env": null, "labels": ["cpu"] }),
            project_id: ID.parse().unwrap(),
            project_name: "prod".to_owned(),
            task_count: 1,
        }
    }

    fn draft() -> RunDraft {
        RunDraft::new(&flow(), "Europe/Berlin".to_owned())
    }

    fn parameters(flow: &Flow) -> ParametersDraft {
        ParametersDraft::new(ParametersFor::Run, &flow.parameters, &flow.default_parameters)
    }

    fn request(draft: &RunDraft) -> RunRequest {
        draft.request(&parameters(&flow()), now(), offset).unwrap()
    }

    fn now() -> Timestamp {
        at("2026-11-25T12:00:00Z")
    }

    fn sent(request: &RunRequest) -> Value {
        let mut input = request.to_input();
        assert_eq!(input["flow_id"], ID);
        input.as_object_mut().unwrap().remove("flow_id");
        input
    }

    #[test]
    fn nothing_changed_is_nothing_sent() {
        let request = request(&draft());
        assert_eq!(sent(&request), json!({}));
        assert_eq!(
            request.command(&flow()),
            r"flowdeck run --name 'etl'\''s' --project prod"
        );
        assert_eq!(
            request.summary((0, 2), now()).join(" · "),
            "default parameters · now · default run config"
        );
    }

    #[test]
    fn each_thing_changed_is_sent_alone() {
        let changed = |change: fn(&mut RunDraft)| {
            let mut draft = draft();
            change(&mut draft);
            let request = request(&draft);
            (
                sent(&request),
                request
                    .command(&flow())
                    .replace(r"flowdeck run --name 'etl'\''s' --project prod", ""),
            )
        };
        for (change, input, options) in [
            (
                (|draft| draft.run_name = " monday ".to_owned()) as fn(&mut RunDraft),
                json!({ "flow_run_name": "monday" }),
                " --run-name monday",
            ),
            (
                |draft| draft.labels = ["gpu", "big"].into_iter().collect(),
                json!({ "labels": ["big", "gpu"] }),
                " --label big --label gpu",
            ),
            (
                |draft| draft.labels = Labels::default(),
                json!({ "labels": [] }),
                " --no-labels",
            ),
            (
                |draft| draft.context = r#"{"a": "b c"}"#.to_owned(),
                json!({ "context": { "a": "b c" } }),
                r#" --context '{"a":"b c"}'"#,
            ),
            (
                |draft| {
                    (draft.later, draft.date, draft.time) =
                        (true, "2026-11-25".to_owned(), "15:10".to_owned());
                },
                json!({ "scheduled_start_time": "2026-11-25T14:10:00.000000+00:00" }),
                " --at 2026-11-25T14:10:00Z",
            ),
            (
                |draft| draft.log_level = "DEBUG".to_owned(),
                json!({
                    "run_config": { "type": "UniversalRun", "env": { LOG_LEVEL_VARIABLE: "DEBUG" }, "labels": ["cpu"] },
                    "labels": ["gpu"],
                }),
                " --log-level debug",
            ),
            (
                |draft| draft.run_config = r#"{"type": "LocalRun"}"#.to_owned(),
                json!({ "run_config": { "type": "LocalRun" } }),
                r#" --run-config '{"type":"LocalRun"}'"#,
            ),
        ] {
            assert_eq!(changed(change), (input, options.to_owned()));
        }
    }

    #[test]
    fn parameters_are_written_as_the_command_reads_them() {
        for (path, option) in [
            ("/srv/x", "--param path=/srv/x"),
            ("5", r#"--param 'path="5"'"#),
            ("it's", r"--param 'path=it'\''s'"),
            ("-a b", "--param 'path=-a b'"),
        ] {
            let mut parameters = parameters(&flow());
            (parameters.fields[1].text, parameters.fields[1].given) = (path.to_owned(), true);
            let request = draft().request(&parameters, now(), offset).unwrap();
            assert_eq!(sent(&request), json!({ "parameters": { "path": path } }));
            let command = request.command(&flow());
            assert!(command.ends_with(option), "{command}");
            assert_eq!(
                request.summary(parameters.count(), now())[0],
                "1 of 2 parameters changed"
            );
        }
    }

    #[test]
    fn names_in_a_command_are_never_taken_for_options() {
        let names = ["n", "my path", "-x"].map(str::to_owned);
        assert_eq!(
            run_command("-etl", &names),
            "flowdeck run --name=-etl --param n=… --param 'my path'=… --param=-x=…"
        );
    }

    #[test]
    fn everything_wrong_is_said_and_the_form_can_show_where() {
        let mut draft = draft();
        draft.later = true;
        draft.context = "[1]".to_owned();
        draft.run_config = "{\n".to_owned();
        let mut parameters = parameters(&flow());
        parameters.fields[0].text = "x".to_owned();
        let errors = draft.request(&parameters, now(), offset).unwrap_err();
        let fields: Vec<RunField> = errors.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            fields,
            [
                RunField::Parameter(0),
                RunField::When,
                RunField::Context,
                RunField::RunConfig
            ]
        );
    }

    #[test]
    fn a_time_is_meant_on_the_zones_clock() {
        let start = |date: &str, time: &str, zone: &str, now: &str| {
            let mut draft = draft();
            (draft.later, draft.date, draft.time) = (true, date.to_owned(), time.to_owned());
            draft.zone = zone.to_owned();
            draft.start(at(now), offset).map_err(|error| error.message)
        };
        let early = "2026-01-01T00:00:00Z";
        for (date, time, expected) in [
            ("2026-07-01", "14:00", "2026-07-01T12:00:00Z"),
            ("2026-12-01", "14:00:30", "2026-12-01T13:00:30Z"),
            ("2026-03-29", "01:59", "2026-03-29T00:59:00Z"),
            ("2026-03-29", "03:00", "2026-03-29T01:00:00Z"),
            ("2026-10-25", "02:30", "2026-10-25T00:30:00Z"),
            ("2026-10-25", "03:00", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(
                start(date, time, "Europe/Berlin", early),
                Ok(Some(at(expected))),
                "{date} {time}"
            );
        }
        for (date, time, zone, now, words) in [
            ("2026-03-29", "02:30", "Europe/Berlin", early, "skips 02:30"),
            (
                "2026-07-01",
                "14:00",
                "Mars/Base",
                early,
                "no time zone 'Mars/Base'",
            ),
            (
                "2026-07-01",
                "14:00",
                "Europe/Berlin",
                "2026-07-01T12:05:00Z",
                "passed: it was 5 min ago",
            ),
            (
                "2026-07-01",
                "14:00",
                "Europe/Berlin",
                "2026-07-01T12:00:00Z",
                "passed: it was now",
            ),
            ("", "14:00", "Europe/Berlin", early, "a day and a time"),
        ] {
            let refused = start(date, time, zone, now).unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
        let mut draft = draft();
        draft.suggest_time(at("2026-11-25T12:40:00Z"), offset);
        assert_eq!(
            (draft.date.as_str(), draft.time.as_str()),
            ("2026-11-25", "15:00")
        );
    }

    #[test]
    fn an_earlier_run_fills_the_form() {
        let inputs = RunInputs {
            name: "otter".to_owned(),
            parameters: json!({ "n": 1, "path": "/data" }).as_object().unwrap().clone(),
            context: json!({ "a": 1 }),
            labels: ["gpu", "vm"].into_iter().collect(),
            run_config: with_log_level(&flow().run_config, Some("DEBUG")),
        };
        let mut draft = draft();
        draft.fill(ID.parse().unwrap(), &inputs);
        assert_eq!(draft.log_level, "DEBUG");
        assert_eq!(
            sent(&request(&draft)),
            json!({
                "context": { "a": 1 }, "labels": ["gpu", "vm"],
                "run_config": inputs.run_config,
            })
        );
        let other = RunInputs {
            run_config: json!({ "type": "LocalRun", "env": { LOG_LEVEL_VARIABLE: "DEBUG" } }),
            ..inputs
        };
        draft.fill(ID.parse().unwrap(), &other);
        assert_eq!(
            (
                draft.log_level.as_str(),
                sent(&request(&draft))["run_config"].clone()
            ),
            ("", other.run_config)
        );
    }

    #[test]
    fn what_was_put_in_survives_a_change_of_the_flow() {
        let mut old = draft();
        old.run_name = "monday".to_owned();
        let changed = Flow {
            labels: ["cpu"].into_iter().collect(),
            default_parameters: json!({ "path": "/new" }),
            ..flow()
        };
        let mut new = RunDraft::new(&changed, "UTC".to_owned());
        new.keep_typed(&old);
        assert_eq!(sent(&request(&new)), json!({ "flow_run_name": "monday" }));
        assert_eq!((new.zone.as_str(), new.labels), ("Europe/Berlin", changed.labels));
    }

    #[test]
    fn the_environment_of_an_old_client_is_no_run_config() {
        let old = Flow {
            run_config: json!({ "type": "LocalEnvironment", "labels": ["gpu"] }),
            ..flow()
        };
        let mut draft = RunDraft::new(&old, "UTC".to_owned());
        assert_eq!(
            (draft.run_config.as_str(), sent(&request(&draft))),
            ("", json!({}))
        );
        draft.log_level = "INFO".to_owned();
        assert_eq!(sent(&request(&draft))["run_config"]["type"], "UniversalRun");
    }
}
