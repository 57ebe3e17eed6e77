//! `weather-of-failures`: every way a task can fail to succeed, in one flow.

use std::time::Duration;

use flowdeck_engine::{Flow, FlowError, Outcome, Signal, context, error, info, task, warning};

const DESCRIPTION: &str = "\
Every way for a task not to succeed, side by side. The run ends in **Failed**, because some of its last tasks do.

- `sunrise`: **Success**, nothing is wrong with it
- `passing_shower`: **Success**, its first attempt fails; the retry, 1 s later, succeeds
- `hail`: **Failed**, it fails for good
- `harvest`: **TriggerFailed**, it needs `hail` to have succeeded, so it never starts
- `insurance`: **Success**, it runs however `hail` ends (trigger `all_finished`)
- `picnic`: **Skipped**, it decides that there is nothing to do
- `fog`: **TimedOut**, it would take a minute and may take 1 s
- `lightning`: **Failed**, it panics; the process and all other tasks go on";

/// How long the fog would last if nobody cut it short.
const FOG: Duration = Duration::from_secs(60);

#[task]
fn sunrise() -> String {
    info!("A fine morning");
    "fine".to_owned()
}

#[task(retries = 2, retry_delay = "1s")]
fn passing_shower(morning: String) -> Outcome<String> {
    let attempt = context().task_run().run_count;
    if attempt < 2 {
        warning!("Attempt {attempt}: it rains into the instruments");
        return Err(Signal::fail("The instruments are wet."));
    }
    info!("Attempt {attempt}: the sky clears after a {morning} morning");
    Ok("clear".to_owned())
}

#[task]
fn hail(morning: String) -> Outcome<u32> {
    error!("Hail as large as eggs, after a {morning} morning");
    Err(Signal::fail("The hail has broken the greenhouse."))
}

#[task]
fn harvest(stones: u32) -> u32 {
    stones
}

#[task(trigger = all_finished)]
fn insurance(stones: Option<u32>) -> &'static str {
    match stones {
        Some(stones) => info!("{stones} stones, no damage"),
        None => info!("There was damage; a claim is written"),
    }
    "settled"
}

#[task]
fn picnic(sky: String) -> Outcome<()> {
    Err(Signal::skip(format!("Nobody came, although the sky was {sky}.")))
}

#[task(timeout = "1s")]
fn fog(morning: String) -> Outcome<()> {
    info!("Fog rises after a {morning} morning");
    context().sleep(FOG)
}

#[task]
fn lightning(morning: String) -> u32 {
    assert_ne!(morning, "fine", "lightning out of a blue sky");
    0
}

pub fn flow() -> Result<Flow, FlowError> {
    Flow::build("weather-of-failures", |flow| {
        flow.describe(DESCRIPTION);
        let morning = sunrise::call(flow);
        let sky = passing_shower::call(flow, &morning);
        let stones = hail::call(flow, &morning);
        harvest::call(flow, &stones);
        insurance::call(flow, &stones);
        picnic::call(flow, &sky);
        fog::call(flow, &morning);
        lightning::call(flow, &morning);
    })
}
