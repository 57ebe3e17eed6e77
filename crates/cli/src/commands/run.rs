//! `flowdeck run`: create a flow run, and follow it if asked to.

use std::process::ExitCode;

use clap::Args;
use flowdeck_engine::client::{Client, NewFlowRun};
use flowdeck_vocabulary::{
    FlowRunId, LOG_LEVELS, Labels, Parameter, missing_parameters, shell, with_log_level,
};
use jiff::{Span, Timestamp};
use serde_json::{Map, Value};

use crate::failure::{Failure, Outcome};
use crate::show::say;
use crate::{lookup, time, watch};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowdeck run --name simple-map --watch
  flowdeck run --name code-census --param path=/srv/src --run-name monday
  flowdeck run --name long-haul --param scale=0.1 --label gpu
  flowdeck run --name simple-map --at 2h30m --log-level debug")]
pub struct RunArgs {
    /// Name or id of the flow
    #[arg(long, short, value_name = "FLOW")]
    name: String,
    /// Project of the flow, where several have one of that name
    #[arg(long, short, value_name = "PROJECT")]
    project: Option<String>,
    /// A parameter; the value is read as JSON, or else as text. May be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter, allow_hyphen_values = true)]
    parameters: Vec<(String, Value)>,
    /// Only agents with this label may take the run; instead of the flow's own labels. May be repeated
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Only agents without labels may take the run; instead of the flow's own labels
    #[arg(long, conflicts_with = "labels")]
    no_labels: bool,
    /// Start it then and not now: a time with its zone (2026-11-26T14:00:00+01:00), or how long from now (2h30m)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Moment>,
    /// What tasks find in the run's context, as a JSON object
    #[arg(long, value_name = "JSON", value_parser = object)]
    context: Option<Map<String, Value>>,
    /// How an agent starts the run, as a JSON object; instead of the flow's own run config
    #[arg(long, value_name = "JSON", value_parser = object)]
    run_config: Option<Map<String, Value>>,
    /// From which level on the run logs
    #[arg(long, value_name = "LEVEL", value_parser = log_level)]
    log_level: Option<&'static str>,
    /// A name for the run; two words at random otherwise
    #[arg(long, value_name = "NAME")]
    run_name: Option<String>,
    /// Follow states and logs until the end; exit code 1 unless it ends well
    #[arg(long, short)]
    watch: bool,
}

pub fn carry_out(client: &Client, args: RunArgs) -> Outcome {
    let flow = lookup::flow(
        client,
        &args.name,
        args.project.as_deref(),
        "{ parameters run_config flow_group { default_parameters labels run_config } }",
    )?;
    let given: Map<String, Value> = args.parameters.into_iter().collect();
    check_parameters(&flow, &given)?;
    let start = args.at.map(|at| at.after(time::now())).transpose()?;
    let labels = match args.labels.as_slice() {
        [] if !args.no_labels => None,
        labels => Some(labels.iter().cloned().collect()),
    };
    let (run_config, labels) = run_config(&flow, args.run_config.map(Value::Object), args.log_level, labels);
    let flow_run_id: FlowRunId = client.create_flow_run(&NewFlowRun {
        flow_id: Some(lookup::id(&flow)?),
        parameters: Some(given),
        labels,
        context: args.context,
        run_config,
        scheduled_start_time: start.map(time::api_text),
        flow_run_name: args.run_name,
        ..NewFlowRun::default()
    })?;
    let row = lookup::flow_run(client, &flow_run_id.to_string(), "{ name }")?;
    let name = lookup::name(&row);
    say(format!("Created flow run '{name}' ({flow_run_id})."));
    if args.watch {
        return watch::follow(client, flow_run_id);
    }
    say(how_to_follow(&row, flow_run_id));
    Ok(ExitCode::SUCCESS)
}

/// The command that shows the run: by its name where that can be typed, otherwise by its id.
fn how_to_follow(row: &Value, id: FlowRunId) -> String {
    let id = id.to_string();
    let name = lookup::text(row, &["name"])
        .filter(|name| *name == lookup::name(row) && !name.is_empty() && !name.starts_with('-'));
    format!(
        "Follow it with: flowdeck describe flow-run {}",
        shell::word(name.unwrap_or(&id))
    )
}

/// The run config to send and the labels that go with it. A level changes only itself: labels set for all versions
/// of the flow would otherwise give way to those in the run config.
fn run_config(
    flow: &Value,
    given: Option<Value>,
    level: Option<&str>,
    labels: Option<Labels>,
) -> (Option<Value>, Option<Labels>) {
    let Some(level) = level else {
        return (given, labels);
    };
    let group = &flow["flow_group"];
    let own = [&group["run_config"], &flow["run_config"]]
        .into_iter()
        .find(|config| !config.is_null());
    let base = given.as_ref().or(own).unwrap_or(&Value::Null);
    let of_group = || serde_json::from_value(group["labels"].clone()).ok();
    let labels = labels.or_else(|| if given.is_none() { of_group() } else { None });
    (Some(with_log_level(base, Some(level))), labels)
}

/// A time, or how far away it is.
#[derive(Debug, Clone, Copy)]
enum Moment {
    At(Timestamp),
    In(Span),
}

impl Moment {
    fn after(self, now: Timestamp) -> Result<Timestamp, Failure> {
        match self {
            Self::At(at) => Ok(at),
            Self::In(span) => now
                .checked_add(span)
                .map_err(|error| Failure::new(format!("The run cannot start then: {error}."))),
        }
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    if let Ok(at) = text.parse() {
        return Ok(Moment::At(at));
    }
    let is_short = text.chars().all(|c| c.is_ascii_alphanumeric());
    text.parse::<Span>()
        .ok()
        .filter(|span| is_short && span.get_days() == 0 && span.get_months() == 0 && span.get_years() == 0)
        .map(Moment::In)
        .ok_or_else(|| "write it as 2026-11-26T14:00:00+01:00, or as 2h30m from now".to_owned())
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err("it is not a JSON object".to_owned()),
        Err(error) => Err(format!("it is not JSON: {error}")),
    }
}

fn log_level(text: &str) -> Result<&'static str, String> {
    let known = LOG_LEVELS
        .into_iter()
        .find(|level| level.eq_ignore_ascii_case(text));
    known.ok_or_else(|| format!("there are: {}", LOG_LEVELS.join(", ").to_lowercase()))
}

/// Refuses parameters the flow does not have, values of the wrong type, and required ones left out.
fn check_parameters(flow: &Value, given: &Map<String, Value>) -> Result<(), Failure> {
    let declared: Vec<Parameter> = serde_json::from_value(flow["parameters"].clone()).unwrap_or_default();
    let flow_name = lookup::text(flow, &["name"]).unwrap_or("?");
    for (name, value) in given {
        let Some(parameter) = declared.iter().find(|parameter| parameter.name == *name) else {
            let names = lookup::offer(declared.iter().map(|parameter| parameter.name.clone()));
            return Err(Failure::new(format!(
                "Flow '{flow_name}' has no parameter '{name}'. {names}"
            )));
        };
        if let Some(value_type) = parameter
            .value_type
            .filter(|value_type| !value_type.accepts(value))
        {
            return Err(Failure::new(format!(
                "Parameter '{name}' of flow '{flow_name}' takes a value of type {}, not {value}.",
                value_type.word()
            )));
        }
    }
    let mut supplied = flow["flow_group"]["default_parameters"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    supplied.extend(given.clone());
    let missing: Vec<&str> = missing_parameters(&declared, &supplied).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let remedy: Vec<String> = missing.iter().map(|name| format!("--param {name}=…")).collect();
    Err(Failure::new(format!(
        "Flow '{flow_name}' needs a value for {}. Add {}.",
        missing.join(", "),
        remedy.join(" ")
    )))
}

fn parameter(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok((name.to_owned(), flowdeck_engine::cli::parameter_value(value)))
        }
        _ => Err(format!("'{text}' is not of the form NAME=VALUE")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_json_or_else_text() {
        for (text, value) in [
            ("a=1", json!(1)),
            ("a=[1, 2]", json!([1, 2])),
            ("a=\"1\"", json!("1")),
            ("a=/srv/src", json!("/srv/src")),
            ("a=", json!("")),
            ("a=b=c", json!("b=c")),
        ] {
            assert_eq!(parameter(text), Ok(("a".to_owned(), value)), "{text}");
        }
        assert!(parameter("a").is_err() && parameter("=1").is_err());
    }

    #[test]
    fn a_moment_is_a_time_with_its_zone_or_a_while_from_now() {
        let now: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-11-26T14:00:00+01:00", "2026-11-26T13:00:00Z"),
            ("2026-11-26T14:00:00Z", "2026-11-26T14:00:00Z"),
            ("2h30m", "2026-11-25T14:30:00Z"),
            ("45s", "2026-11-25T12:00:45Z"),
        ] {
            let at = moment(text).unwrap().after(now).unwrap();
            assert_eq!(at.to_string(), expected, "{text}");
        }
        for text in ["soon", "2026-11-26T14:00:00", "14:00", "2", "-2h"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_log_level_changes_only_itself() {
        let flow = json!({
            "run_config": {"type": "UniversalRun", "env": {"A": "1"}, "labels": ["cpu"]},
            "flow_group": {"labels": ["gpu"], "run_config": null},
        });
        let labels = |words: &[&str]| words.iter().copied().collect::<Labels>();
        assert_eq!(run_config(&flow, None, None, None), (None, None));
        let (config, kept) = run_config(&flow, None, Some("DEBUG"), None);
        let config = config.unwrap();
        assert_eq!(
            config["env"],
            json!({"A": "1", "PREFECT__LOGGING__LEVEL": "DEBUG"})
        );
        assert_eq!(
            (config["labels"].clone(), kept),
            (json!(["cpu"]), Some(labels(&["gpu"])))
        );
        let (_, given) = run_config(&flow, None, Some("DEBUG"), Some(labels(&["vm"])));
        assert_eq!(given, Some(labels(&["vm"])));
        let (config, kept) = run_config(&flow, Some(json!({"type": "LocalRun"})), Some("INFO"), None);
        assert_eq!((config.unwrap()["type"].clone(), kept), (json!("LocalRun"), None));
        assert_eq!(log_level("debug"), Ok("DEBUG"));
        assert!(log_level("loud").unwrap_err().contains("warning"));
        assert!(object("[1]").is_err() && object("{").is_err());
    }

    #[test]
    fn a_run_is_followed_by_a_command_that_a_shell_reads_as_it_is_meant() {
        let id = FlowRunId::random();
        let command = |name: &str| {
            let said = how_to_follow(&json!({"name": name}), id);
            said.rsplit_once("flow-run ").unwrap().1.to_owned()
        };
        assert_eq!(command("purple-otter"), "purple-otter");
        assert_eq!(command("the 1st; rm -rf ~"), "'the 1st; rm -rf ~'");
        for name in ["", "-x", "a\x1b[2J"] {
            assert_eq!(command(name), id.to_string(), "{name:?}");
        }
    }

    #[test]
    fn parameters_are_checked_before_anything_is_created() {
        let flow = json!({"name": "f", "parameters": [
            {"name": "n", "required": true, "value_type": "integer"}, {"name": "m"},
        ], "flow_group": {"default_parameters": {}}});
        let refused = |given: Value| {
            check_parameters(&flow, given.as_object().unwrap())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refused(json!({"n": 1, "k": 1})),
            "Flow 'f' has no parameter 'k'. There are: n, m."
        );
        assert_eq!(
            refused(json!({"n": "x"})),
            "Parameter 'n' of flow 'f' takes a value of type integer, not \"x\"."
        );
        assert_eq!(
            refused(json!({})),
            "Flow 'f' needs a value for n. Add --param n=…."
        );
        assert!(check_parameters(&flow, json!({"n": 1}).as_object().unwrap()).is_ok());
    }
}
