//! Mutations of flow groups (contract 3.4). An unknown id is no error: the answer is `success: false`.

use flowdeck_vocabulary::{FlowGroupId, Labels, Schedule};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{scalars, success};
use crate::context::Context;
use crate::error::Error;
use crate::store::flow_group::{self, Setting};
use crate::store::{Db, Value, flow};

/// Runs closer to each other than this are refused, in seconds: the scheduler creates ten at a time.
const SHORTEST_INTERVAL: i64 = 60;

#[derive(Deserialize)]
pub(super) struct OneFlowGroup {
    flow_group_id: FlowGroupId,
}

pub(super) async fn delete(ctx: &Context, input: OneFlowGroup) -> Result<Json, Error> {
    ctx.write(move |db, _| flow_group::delete(db, input.flow_group_id))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct SetDefaultParameters {
    flow_group_id: FlowGroupId,
    #[serde(deserialize_with = "scalars::object")]
    parameters: Map<String, Json>,
}

pub(super) async fn set_default_parameters(
    ctx: &Context,
    input: SetDefaultParameters,
) -> Result<Json, Error> {
    let parameters = Value::from(&Json::Object(input.parameters));
    set(ctx, input.flow_group_id, Setting::DefaultParameters, parameters).await
}

#[derive(Deserialize)]
pub(super) struct SetLabels {
    flow_group_id: FlowGroupId,
    labels: Option<Labels>,
}

pub(super) async fn set_labels(ctx: &Context, input: SetLabels) -> Result<Json, Error> {
    let labels = input
        .labels
        .map(|labels| serde_json::to_string(&labels))
        .transpose()
        .map_err(Error::internal)?;
    set(ctx, input.flow_group_id, Setting::Labels, labels.into()).await
}

#[derive(Deserialize)]
pub(super) struct SetDescription {
    flow_group_id: FlowGroupId,
    description: Option<String>,
}

pub(super) async fn set_description(ctx: &Context, input: SetDescription) -> Result<Json, Error> {
    set(
        ctx,
        input.flow_group_id,
        Setting::Description,
        input.description.into(),
    )
    .await
}

#[derive(Deserialize)]
pub(super) struct SetRunConfig {
    flow_group_id: FlowGroupId,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    run_config: Option<Json>,
}

pub(super) async fn set_run_config(ctx: &Context, input: SetRunConfig) -> Result<Json, Error> {
    set(
        ctx,
        input.flow_group_id,
        Setting::RunConfig,
        input.run_config.as_ref().into(),
    )
    .await
}

async fn set(ctx: &Context, id: FlowGroupId, setting: Setting, value: Value) -> Result<Json, Error> {
    ctx.write(move |db, now| flow_group::set(db, now, id, setting, value))
        .await
        .map(success)
}

#[derive(Deserialize)]
pub(super) struct SetSchedule {
    flow_group_id: FlowGroupId,
    cron_clocks: Option<Vec<CronClock>>,
    interval_clocks: Option<Vec<IntervalClock>>,
    timezone: Option<String>,
}

#[derive(Deserialize)]
struct CronClock {
    cron: String,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    parameter_defaults: Option<Json>,
    day_or: Option<bool>,
    start_date: Option<String>,
}

#[derive(Deserialize)]
struct IntervalClock {
    interval: i64,
    #[serde(default, deserialize_with = "scalars::optional_json")]
    parameter_defaults: Option<Json>,
    start_date: Option<String>,
}

pub(super) async fn set_schedule(ctx: &Context, input: SetSchedule) -> Result<Json, Error> {
    let schedule = schedule_json(&input, ctx.time.now())?;
    replace_schedule(ctx, input.flow_group_id, Some(schedule)).await
}

/// Those that follow it get their next runs at once: until the next round of the scheduler nobody could see when they
/// run.
async fn replace_schedule(ctx: &Context, id: FlowGroupId, schedule: Option<Json>) -> Result<Json, Error> {
    let replace = move |db: &mut dyn Db, now| {
        let found = flow_group::set_schedule(db, now, id, schedule.as_ref())?;
        Ok((found, flow::flows_to_schedule(db, Some(id))?))
    };
    let (found, flows) = ctx.write(replace).await?;
    for flow in flows {
        super::flow::schedule_runs(ctx, flow).await;
    }
    Ok(success(found))
}

/// The JSON of the schedule: cron clocks first, then interval clocks. Those without a start of their own begin now.
fn schedule_json(input: &SetSchedule, now: Timestamp) -> Result<Json, Error> {
    let here = match &input.timezone {
        None => None,
        Some(name) => {
            let zone = TimeZone::get(name)
                .map_err(|_| Error::client(format!("Invalid timezone provided for schedule: {name}")))?;
            Some((now.to_zoned_datetime(zone).datetime().to_string(), name.as_str()))
        }
    };
    let begin = |start: &Option<String>| match (start, &here) {
        (Some(start), here) => json!({"dt": start, "tz": here.as_ref().map_or("UTC", |(_, zone)| *zone)}),
        (None, Some((now, zone))) => json!({"dt": now, "tz": zone}),
        (None, None) => Json::Null,
    };
    let mut clocks = Vec::new();
    for clock in input.cron_clocks.iter().flatten() {
        let mut json =
            json!({"type": "CronClock", "cron": clock.cron, "start_date": begin(&clock.start_date)});
        if clock.day_or == Some(false) {
            json["day_or"] = json!(false);
        }
        clocks.push((json, &clock.parameter_defaults));
    }
    for clock in input.interval_clocks.iter().flatten() {
        if clock.interval < SHORTEST_INTERVAL {
            return Err(Error::client(format!(
                "Invalid clock provided for schedule: the interval of {} s is shorter than {SHORTEST_INTERVAL} s.",
                clock.interval,
            )));
        }
        let microseconds = clock.interval * 1_000_000;
        clocks.push((
            json!({"type": "IntervalClock", "interval": microseconds, "start_date": begin(&clock.start_date)}),
            &clock.parameter_defaults,
        ));
    }
    let clocks = clocks.into_iter().map(|(mut clock, parameter_defaults)| {
        if let Some(parameters) = parameter_defaults {
            clock["parameter_defaults"] = parameters.clone();
        }
        clock
    });
    let schedule = json!({"type": "Schedule", "clocks": clocks.collect::<Vec<_>>()});
    let invalid = |error: String| Error::client(format!("Invalid clock provided for schedule: {error}"));
    serde_json::from_value::<Schedule>(schedule.clone())
        .map_err(|e| invalid(e.to_string()))?
        .next(now, 1)
        .map_err(|e| invalid(e.to_string()))?;
    Ok(schedule)
}

pub(super) async fn delete_schedule(ctx: &Context, input: OneFlowGroup) -> Result<Json, Error> {
    replace_schedule(ctx, input.flow_group_id, None).await
}
