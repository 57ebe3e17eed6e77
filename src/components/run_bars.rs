//! The last runs of a flow, or of a task, as small bars: height is duration, color is state.

use std::time::Duration;

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::state_badge::state_word;
use crate::format;
use crate::model::{FlowRuns, RunBar, Timestamp};
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

/// A run as a bar that leads to it.
pub(super) struct Bar {
    /// Where it leads.
    pub href: String,
    /// Its color.
    pub state: StateType,
    /// Its height.
    pub duration: Option<Duration>,
    /// What it is called.
    pub name: String,
    /// When it ran.
    pub at: Timestamp,
    /// Whether it is the one whose page this is.
    pub is_here: bool,
}

impl Bar {
    fn words(&self, now: Timestamp) -> String {
        let took = self
            .duration
            .map(|duration| format!(", {}", format::duration(duration)));
        format!(
            "{}: {}{}, {}",
            self.name,
            state_word(self.state),
            took.unwrap_or_default(),
            format::relative(self.at, now)
        )
    }
}

/// Bars, oldest at the left, and before them places for as many as there may be. The keyboard goes through links
/// elsewhere to the same runs.
pub(super) fn bars(bars: Vec<Bar>, places: usize, now: Timestamp) -> AnyView {
    let longest = bars
        .iter()
        .filter_map(|bar| bar.duration)
        .max()
        .unwrap_or_default();
    let summary = match bars.len() {
        0 => "No runs yet".to_owned(),
        count => {
            let good = bars.iter().filter(|bar| bar.state.is_successful()).count();
            format!("Last {}: {good} successful", format::counted(count, "run"))
        }
    };
    let empty = places.saturating_sub(bars.len());
    view! {
        <div class="run-bars" role="group" aria-label=summary>
            {(0..empty).map(|_| view! { <span class="run-bars__slot"></span> }).collect_view()}
            {bars
                .into_iter()
                .map(|bar| {
                    let style = format!("--height:{}%", height(bar.duration, longest));
                    view! {
                        <a
                            class="run-bars__slot"
                            href=bar.href.clone()
                            title=bar.words(now)
                            tabindex="-1"
                            aria-hidden="true"
                            data-here=bar.is_here.then_some("true")
                        >
                            <span class="run-bars__bar" data-state=bar.state.css_name() style=style></span>
                        </a>
                    }
                })
                .collect_view()}
        </div>
    }
    .into_any()
}

/// The last runs of a flow.
#[component]
pub fn RunBars(runs: Vec<RunBar>) -> impl IntoView {
    let now = use_now().get_untracked();
    let bar = |run: RunBar| Bar {
        href: Route::flow_run(run.id).to_string(),
        state: run.state,
        duration: run.duration(now),
        at: run.started_at.unwrap_or(run.scheduled_at),
        name: run.name,
        is_here: false,
    };
    bars(runs.into_iter().map(bar).collect(), FlowRuns::MOST, now)
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
