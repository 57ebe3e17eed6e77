//! The scheduler: keeps ten runs ahead for every flow whose schedule is on (contract 4.9).

use std::time::Duration;

use crate::context::Context;
use crate::error::Error;
use crate::store::flow;

/// How long after its last beginning a round begins.
pub const INTERVAL: Duration = Duration::from_secs(150);

/// Runs rounds for ever, the first at once. Stop it by dropping it.
pub async fn run(ctx: Context, every: Duration) {
    let mut rounds = tokio::time::interval(every);
    // After a pause (a laptop that slept) one round makes up for all that were missed.
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        if let Err(error) = tick(&ctx).await {
            tracing::error!(%error, "the scheduler could not look for flows");
        }
    }
}

/// One round: creates the runs that are missing. A flow that cannot be scheduled does not keep the others from
/// it; the log says why.
pub async fn tick(ctx: &Context) -> Result<(), Error> {
    for id in ctx.store.read(|db| flow::flows_to_schedule(db, None)).await? {
        if let Err(error) = ctx.write(move |db, now| flow::schedule_runs(db, now, id)).await {
            tracing::warn!(flow_id = %id, %error, "the next runs of a flow were not created");
        }
    }
    Ok(())
}
