//! `flowdeck run`: create a flow run, and follow it if asked to.

use std::process::ExitCode;

use clap::Args;
use flowdeck_engine::client::{Client, NewFlowRun};
use flowdeck_vocabulary::{FlowRunId, Parameter, missing_parameters};
use serde_json::{Map, Value};

use crate::failure::{Failure, Outcome};
use crate::show::say;
use crate::{lookup, watch};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowdeck run --name simple-map --watch
  flowdeck run --name code-census --param path=/srv/src --run-name monday
  flowdeck run --name long-haul --param scale=0.1 --label gpu")]
pub struct RunArgs {
    /// Name or id of the flow
    #[arg(long, short, value_name = "FLOW")]
    name: String,
    /// Project of the flow, where several have one of that name
    #[arg(long, short, value_name = "PROJECT")]
    project: Option<String>,
    /// A parameter; the value is read as JSON, or else as text. May be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, Value)>,
    /// Only agents with this label may take the run; instead of the flow's own labels. May be repeated
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
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
        "{ parameters flow_group { default_parameters } }",
    )?;
    let given: Map<String, Value> = args.parameters.into_iter().collect();
    check_parameters(&flow, &given)?;
    let flow_run_id: FlowRunId = client.create_flow_run(&NewFlowRun {
        flow_id: Some(lookup::id(&flow)?),
        parameters: Some(given),
        labels: (!args.labels.is_empty()).then(|| args.labels.into_iter().collect()),
        flow_run_name: args.run_name,
        ..NewFlowRun::default()
    })?;
    let row = lookup::flow_run(client, &flow_run_id.to_string(), "{ name }")?;
    let name = lookup::text(&row, &["name"]).unwrap_or("?");
    say(format!("Created flow run '{name}' ({flow_run_id})."));
    if args.watch {
        return watch::follow(client, flow_run_id);
    }
    say(format!("Follow it with: flowdeck describe flow-run {name}"));
    Ok(ExitCode::SUCCESS)
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
