//! The bundled flows: what is there to run after the first start. Each file is also an example of how a flow
//! is written; nothing here talks to the server.

mod code_census;
mod long_haul;
mod simple_map;
mod weather_of_failures;

use flowdeck_engine::{Flow, FlowError};

/// Projects of the bundled flows, with what they are for.
pub const PROJECTS: [(&str, &str); 2] = [
    (
        "prefect_example",
        "The flow of the article this dashboard began with.",
    ),
    (
        "examples",
        "Flows that come with Flowdeck: real input, failures of every kind, a long run.",
    ),
];

/// The bundled flows, each with the project it belongs to.
pub fn all() -> Result<Vec<(&'static str, Flow)>, FlowError> {
    Ok(vec![
        ("prefect_example", simple_map::flow()?),
        ("examples", code_census::flow()?),
        ("examples", weather_of_failures::flow()?),
        ("examples", long_haul::flow()?),
    ])
}

#[cfg(test)]
mod tests {
    use flowdeck_engine::{Flow, FlowRunResult, RunOptions, StateType};

    fn run(name: &str, options: RunOptions) -> FlowRunResult {
        let flow: Flow = super::all()
            .unwrap()
            .into_iter()
            .find(|(_, flow)| flow.name() == name)
            .unwrap()
            .1;
        flow.run_with(options).unwrap()
    }

    #[test]
    fn simple_map_comes_to_fifteen() {
        let run = run("simple-map", RunOptions::new());
        assert!(run.is_successful());
        assert_eq!(run.value::<i64>("get_sum").unwrap(), 15);
    }

    #[test]
    fn the_weather_ends_as_its_description_says() {
        let run = run("weather-of-failures", RunOptions::new());
        assert!(!run.is_successful());
        for (task, state) in [
            ("sunrise", StateType::Success),
            ("passing_shower", StateType::Success),
            ("hail", StateType::Failed),
            ("harvest", StateType::TriggerFailed),
            ("insurance", StateType::Success),
            ("picnic", StateType::Skipped),
            ("fog", StateType::TimedOut),
            ("lightning", StateType::Failed),
        ] {
            assert_eq!(run.state_of(task), Some(state), "{task}");
        }
    }

    #[test]
    fn the_long_haul_arrives_at_any_scale() {
        let run = run("long-haul", RunOptions::new().parameter("scale", 0.0));
        assert!(run.is_successful());
        assert_eq!(run.children("drive-1").count(), 8, "children of the first road");
    }

    #[test]
    fn the_census_counts_the_sources_it_was_built_from() {
        let run = run("code-census", RunOptions::new());
        assert!(run.is_successful());
        let census: serde_json::Value = run.value("report").unwrap();
        assert!(census["Rust"]["lines"].as_u64().unwrap() > 1000, "{census}");
    }

    #[test]
    fn every_bundled_flow_is_sound_described_and_in_a_known_project() {
        for (project, flow) in super::all().unwrap() {
            assert!(super::PROJECTS.iter().any(|(name, _)| *name == project));
            assert!(
                flow.description().is_some_and(|words| words.contains("ends in")),
                "{}",
                flow.name()
            );
        }
    }
}
