//! `long-haul`: about two minutes on the road, for watching a run, cancelling it, or pulling the plug.

use std::time::Duration;

use flowdeck_engine::{
    Flow, FlowError, Handle, Outcome, context, critical, debug, error, info, task, warning,
};

const DESCRIPTION: &str = "\
A freight run of 60 tasks in nine layers; the six `drive` tasks are mapped over eight legs each. It takes about \
two minutes; the parameter `scale` multiplies all waiting times (`0.1` takes twelve seconds). It logs at every \
level, also where nothing is wrong.

The run ends in **Success**, and so does every task run (the parents of mapped ones in **Mapped**). It is the \
flow to cancel, and to stop the server or kill the process under.";

/// How many tasks run at once: as many as the widest layer has, so that layers last as long as one task.
const WORKERS: usize = 12;
/// Legs of each of the six roads.
const LEGS: u32 = 8;

/// Waits `seconds` times `scale`, in four steps with a line of progress each.
fn wait(scale: f64, seconds: f64) -> Outcome<()> {
    let whole = Duration::try_from_secs_f64(seconds * scale.max(0.0)).unwrap_or(Duration::MAX);
    for quarter in 1..=4 {
        context().sleep(whole / 4)?;
        debug!("{} % done", quarter * 25);
    }
    Ok(())
}

#[task]
fn plan(scale: f64) -> Outcome<Vec<u32>> {
    info!("{LEGS} legs on each of six roads");
    wait(scale, 4.0)?;
    Ok((1..=LEGS).collect())
}

#[task]
fn inspect(legs: Vec<u32>, scale: f64) -> Outcome<u32> {
    wait(scale, 12.0)?;
    info!("The lorry is fit for {} legs", legs.len());
    Ok(1)
}

#[task]
fn load(first: u32, second: u32, scale: f64) -> Outcome<u32> {
    wait(scale, 15.0)?;
    warning!("Loaded to the last hook: {} lorries' worth", first + second);
    Ok(first + second)
}

#[task]
fn drive(leg: u32, cargo: u32, scale: f64) -> Outcome<u32> {
    info!("Leg {leg} with {cargo} on board");
    wait(scale, 7.0)?;
    Ok(leg)
}

#[task]
fn rest(legs: Vec<u32>, scale: f64) -> Outcome<u32> {
    wait(scale, 8.0)?;
    let driven = legs.iter().sum();
    info!("Slept well after legs {legs:?}");
    Ok(driven)
}

#[task]
fn customs(driven: u32, scale: f64) -> Outcome<u32> {
    error!("A stamp is missing");
    wait(scale, 15.0)?;
    info!("The stamp was on the back of the page");
    Ok(driven)
}

#[task]
fn deliver(cargo: u32, scale: f64) -> Outcome<u32> {
    wait(scale, 18.0)?;
    info!("Delivered {cargo}");
    Ok(cargo)
}

#[task]
fn settle(deliveries: Vec<u32>, scale: f64) -> Outcome<u32> {
    critical!("The till is a penny short");
    wait(scale, 12.0)?;
    info!("The penny has turned up under the till");
    Ok(deliveries.iter().sum())
}

#[task]
fn report(total: u32, scale: f64) -> Outcome<u32> {
    wait(scale, 6.0)?;
    context().markdown_artifact(format!("All delivered: **{total}**."));
    Ok(total)
}

/// Passes results of several single tasks on as one list.
#[task]
fn gather(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32) -> Vec<u32> {
    vec![a, b, c, d, e, f]
}

pub fn flow() -> Result<Flow, FlowError> {
    Flow::build("long-haul", |flow| {
        flow.describe(DESCRIPTION);
        flow.max_workers(WORKERS);
        let scale: Handle<f64> = flow.parameter("scale", 1.0);
        let legs = plan::call(flow, &scale);
        let lorries: Vec<_> = (0..10).map(|_| inspect::call(flow, &legs, &scale)).collect();
        let cargoes: Vec<_> = (0..12)
            .map(|n| load::call(flow, &lorries[n % 10], &lorries[(n + 1) % 10], &scale))
            .collect();
        let roads: Vec<_> = (0..6)
            .map(|n| drive::map(flow, &legs, &cargoes[2 * n], &scale))
            .collect();
        let stops: Vec<_> = roads.iter().map(|road| rest::call(flow, road, &scale)).collect();
        let papers: Vec<_> = (0..10)
            .map(|n| customs::call(flow, &stops[n % 6], &scale))
            .collect();
        let goods: Vec<_> = (0..11)
            .map(|n| {
                let goods = deliver::call(flow, &papers[n % 10], &scale);
                // The cargo that no road took is delivered by hand, once customs are through.
                goods.after(&cargoes[(2 * n + 1) % 12])
            })
            .collect();
        let sum = gather::call(
            flow, &goods[0], &goods[1], &goods[2], &goods[3], &goods[4], &goods[5],
        );
        let total = settle::call(flow, &sum, &scale);
        let last = report::call(flow, &total, &scale);
        goods[6..].iter().fold(last, |last, goods| last.after(goods));
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_has_sixty_tasks() {
        assert_eq!(super::flow().unwrap().slugs().count(), 60);
    }
}
