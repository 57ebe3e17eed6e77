//! Run configs and storages: how an agent starts a flow run, which agent can, and how much the run logs.

use serde_json::{Map, Value, json};

/// The type of agent that starts the flows of [`EXECUTABLE_STORAGE`], and no others.
pub const EXECUTABLE_AGENT: &str = "FlowdeckAgent";

/// The type of storage that names a program. The agents of the Python client do not know it.
pub const EXECUTABLE_STORAGE: &str = "Executable";

/// The variable of a run's environment that says from which level on it logs.
pub const LOG_LEVEL_VARIABLE: &str = "PREFECT__LOGGING__LEVEL";

/// The levels it can name, least first.
pub const LOG_LEVELS: [&str; 5] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/// The level a run config names; `None` where the agent's own holds.
#[must_use]
pub fn log_level(run_config: &Value) -> Option<&str> {
    run_config.get("env")?.get(LOG_LEVEL_VARIABLE)?.as_str()
}

/// The run config with this level (`None`: the agent's own) and all else as it was. What is no run config counts as
/// the one of a flow that brings none.
#[must_use]
pub fn with_log_level(run_config: &Value, level: Option<&str>) -> Value {
    let mut config = match run_config {
        Value::Object(config) if !config.is_empty() => config.clone(),
        _ => Map::from_iter([("type".to_owned(), json!("UniversalRun"))]),
    };
    let mut env = match config.get("env") {
        Some(Value::Object(env)) => env.clone(),
        _ => Map::new(),
    };
    match level {
        Some(level) => {
            env.insert(LOG_LEVEL_VARIABLE.to_owned(), json!(level));
        }
        None if env.remove(LOG_LEVEL_VARIABLE).is_none() => return Value::Object(config),
        None => {}
    }
    let env = if env.is_empty() {
        Value::Null
    } else {
        Value::Object(env)
    };
    config.insert("env".to_owned(), env);
    Value::Object(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_comes_and_goes_and_all_else_stays() {
        let config = json!({ "type": "LocalRun", "env": { "A": "1" }, "labels": ["gpu"] });
        let with = with_log_level(&config, Some("DEBUG"));
        assert_eq!(
            with,
            json!({ "type": "LocalRun", "env": { "A": "1", LOG_LEVEL_VARIABLE: "DEBUG" }, "labels": ["gpu"] })
        );
        assert_eq!(log_level(&with), Some("DEBUG"));
        assert_eq!(with_log_level(&with, None), config);
        assert_eq!(log_level(&config), None);
    }

    #[test]
    fn a_config_without_an_environment_gets_one_and_loses_it_again() {
        for (config, with) in [
            (
                json!({ "type": "UniversalRun", "env": null }),
                json!({ "type": "UniversalRun", "env": { LOG_LEVEL_VARIABLE: "INFO" } }),
            ),
            (
                Value::Null,
                json!({ "type": "UniversalRun", "env": { LOG_LEVEL_VARIABLE: "INFO" } }),
            ),
        ] {
            assert_eq!(with_log_level(&config, Some("INFO")), with);
            assert_eq!(with_log_level(&with, None)["env"], Value::Null);
        }
        let plain = json!({ "type": "UniversalRun" });
        assert_eq!(with_log_level(&plain, None), plain);
    }
}
