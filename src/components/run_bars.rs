//! The last runs of a flow as small bars: height is duration, color is state.

use std::time::Duration;

use leptos::prelude::*;

use super::state_badge::state_word;
use crate::format;
use crate::model::{FlowLine, RunBar, Timestamp};
use crate::routes::Route;
use crate::session::use_now;

/// A bar's height in percent: by the square root of the duration, so that one long run does not flatten the
/// rest, and never so low that it cannot be seen or hit.
fn height(duration: Option<Duration>, longest: Duration) -> u32 {
    const FLOOR: f64 = 22.0;
    let share = match duration {
        Some(duration) if !longest.is_zero() => {
            (duration.as_secs_f64() / longest.as_secs_f64()).sqrt().min(1.0)
        }
        _ => 0.0,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 22 and 100"
    )]
    let percent = (FLOOR + (100.0 - FLOOR) * share).round() as u32;
    percent
}

fn words(run: &RunBar, now: Timestamp) -> String {
    let took = run
        .duration(now)
        .map(|duration| format!(", {}", format::duration(duration)));
    format!(
        "{}: {}{}, {}",
        run.name,
        state_word(run.state),
        took.unwrap_or_default(),
        format::relative(run.started_at.unwrap_or(run.scheduled_at), now)
    )
}

/// The last runs, oldest at the left. Each bar leads to its run; the keyboard goes through the row's other links
/// and finds the runs on the flow's page.
#[component]
pub fn RunBars(runs: Vec<RunBar>) -> impl IntoView {
    let now = use_now().get_untracked();
    let longest = runs
        .iter()
        .filter_map(|run| run.duration(now))
        .max()
        .unwrap_or_default();
    let summary = match runs.len() {
        0 => "No runs yet".to_owned(),
        count => {
            let good = runs.iter().filter(|run| run.state.is_successful()).count();
            format!("Last {}: {good} successful", format::counted(count, "run"))
        }
    };
    let empty = FlowLine::RUNS.saturating_sub(runs.len());
    view! {
        <div class="run-bars" role="group" aria-label=summary>
            {(0..empty).map(|_| view! { <span class="run-bars__slot"></span> }).collect_view()}
            {runs
                .into_iter()
                .map(|run| {
                    let style = format!("--height:{}%", height(run.duration(now), longest));
                    view! {
                        <a
                            class="run-bars__slot"
                            href=Route::flow_run(run.id).to_string()
                            title=words(&run, now)
                            tabindex="-1"
                            aria-hidden="true"
                        >
                            <span class="run-bars__bar" data-state=run.state.css_name() style=style></span>
                        </a>
                    }
                })
                .collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_never_too_low_to_be_seen_nor_higher_than_the_row() {
        let seconds = Duration::from_secs;
        assert_eq!(height(None, seconds(10)), 22);
        assert_eq!(height(Some(seconds(0)), seconds(0)), 22);
        assert_eq!(height(Some(seconds(10)), seconds(10)), 100);
        assert_eq!(height(Some(seconds(25)), seconds(100)), 61);
        assert_eq!(height(Some(seconds(99)), seconds(10)), 100);
    }
}
