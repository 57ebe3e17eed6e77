//! The runs over time as bars, stacked by state; a stretch of time is chosen by dragging or with the keys.

use std::ops::Range;

use flowdeck_vocabulary::StateGroup;
use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use super::state_badge::group_state;
use crate::model::{GroupCounts, RunHistogram, Timestamp, bar_height, dragged};
use crate::session::use_now;
use crate::{format, wall_clock};

/// From the foot of a bar to its top: what ended well below, so that failures stand out at the top.
const ORDER: [usize; 5] = [3, 4, 2, 1, 0];

/// What is being chosen: where it began and where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Choice {
    from: usize,
    to: usize,
    /// By the pointer, which is still down.
    by_pointer: bool,
}

/// The runs over time.
#[component]
pub fn RunHistogramView(
    /// The counts.
    histogram: Signal<RunHistogram>,
    /// Chooses the time from one point up to another.
    on_choose: Callback<(Timestamp, Timestamp)>,
) -> impl IntoView {
    let choice = RwSignal::new(None::<Choice>);
    let range = Memo::new(move |_| choice.get().map(|choice| dragged(choice.from, choice.to)));
    let frame = NodeRef::<html::Div>::new();
    let now = use_now();
    let count = Memo::new(move |_| histogram.with(|histogram| histogram.buckets.len()));
    let highest = Memo::new(move |_| histogram.with(RunHistogram::highest));
    let said = move || {
        let range = range.get()?;
        let now = now.get_untracked();
        histogram.with(|histogram| {
            let counts = sum(histogram.buckets.get(range.clone())?);
            Some(format!(
                "{}: {}",
                span_words(histogram, range, now),
                count_words(counts)
            ))
        })
    };
    let place = move |event: &PointerEvent| {
        let frame = frame.get_untracked()?;
        let bounds = frame.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
        Some(histogram.with_untracked(|histogram| histogram.index_at(share)))
    };
    let choose = move |range: Range<usize>| {
        choice.set(None);
        on_choose.run(histogram.with_untracked(|histogram| histogram.span(range)));
    };
    let on_down = move |event: PointerEvent| {
        if let (0, Some(at)) = (event.button(), place(&event)) {
            if let Some(frame) = frame.get_untracked() {
                // Fails for a pointer that is gone already, and then nothing more comes of it.
                let _ = frame.set_pointer_capture(event.pointer_id());
            }
            choice.set(Some(Choice {
                from: at,
                to: at,
                by_pointer: true,
            }));
        }
    };
    let on_move = move |event: PointerEvent| {
        let Some(at) = place(&event) else { return };
        choice.update(|choice| match choice {
            Some(choice) if choice.by_pointer => choice.to = at,
            _ => {
                *choice = Some(Choice {
                    from: at,
                    to: at,
                    by_pointer: false,
                });
            }
        });
    };
    let on_up = move |_: PointerEvent| {
        if let Some(choice) = choice.get_untracked().filter(|choice| choice.by_pointer) {
            choose(dragged(choice.from, choice.to));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let last = count.get_untracked().saturating_sub(1);
        let now = choice.get_untracked();
        let at = now.map(|choice| choice.to);
        let to = match (event.key().as_str(), at) {
            ("ArrowLeft", Some(at)) => at.saturating_sub(1),
            ("ArrowRight", Some(at)) => (at + 1).min(last),
            ("ArrowLeft" | "ArrowRight" | "End", _) => last,
            ("Home", _) => 0,
            ("Enter" | " ", Some(_)) => {
                event.prevent_default();
                if let Some(range) = range.get_untracked() {
                    choose(range);
                }
                return;
            }
            ("Escape", Some(_)) => {
                event.stop_propagation();
                choice.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let from = now.filter(|_| event.shift_key()).map_or(to, |choice| choice.from);
        choice.set(Some(Choice {
            from,
            to,
            by_pointer: false,
        }));
    };
    let bar = move |index: usize| {
        let counts = Memo::new(move |_| {
            histogram.with(|histogram| histogram.buckets.get(index).copied().unwrap_or_default())
        });
        view! {
            <span
                class="run-histogram__slot"
                data-chosen=move || range.get().filter(|range| range.contains(&index)).map(|_| "true")
            >
                <span
                    class="run-histogram__bar"
                    style=move || format!("height:{}%", bar_height(counts.get().iter().sum(), highest.get()))
                >
                    {ORDER
                        .map(|group| view! {
                            <span
                                class="run-histogram__part"
                                data-state=group_state(StateGroup::ALL[group]).css_name()
                                style=move || format!("flex-grow:{}", counts.get()[group])
                            ></span>
                        })
                        .collect_view()}
                </span>
            </span>
        }
        .into_any()
    };
    view! {
        <section class="run-histogram" aria-label="Runs over time">
            <div
                class="run-histogram__bars"
                node_ref=frame
                tabindex="0"
                role="application"
                aria-label="Runs over time. Arrow keys go through it, with Shift they extend, Enter shows the runs of that time."
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=move |_| choice.set(None)
                on:pointerleave=move |_| choice.update(|choice| {
                    if choice.is_some_and(|choice| !choice.by_pointer) {
                        *choice = None;
                    }
                })
                on:blur=move |_| choice.set(None)
                on:keydown=on_key
            >
                {move || (0..count.get()).map(bar).collect_view()}
            </div>
            <p class="run-histogram__scale">
                <span>{move || histogram.with(|histogram| time_words(histogram.time_of(0), now.get_untracked()))}</span>
                <span class="run-histogram__said" role="status">{said}</span>
                <span>
                    {move || histogram.with(|histogram| {
                        time_words(histogram.time_of(histogram.buckets.len()), now.get_untracked())
                    })}
                </span>
            </p>
            {move || histogram.with(|histogram| table(histogram, now.get_untracked()))}
        </section>
    }
}

fn sum(buckets: &[GroupCounts]) -> GroupCounts {
    let mut all = GroupCounts::default();
    for bucket in buckets {
        for (all, count) in all.iter_mut().zip(bucket) {
            *all += count;
        }
    }
    all
}

fn time_words(time: Timestamp, now: Timestamp) -> String {
    wall_clock::short_time(time, now)
}

fn span_words(histogram: &RunHistogram, range: Range<usize>, now: Timestamp) -> String {
    let (from, to) = histogram.span(range);
    format!("{} – {}", time_words(from, now), time_words(to, now))
}

fn count_words(counts: GroupCounts) -> String {
    let all: usize = counts.iter().sum();
    let parts: Vec<String> = StateGroup::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(group, count)| format!("{} {}", format::count(count), group.name().to_ascii_lowercase()))
        .collect();
    match parts.len() {
        0 => "no runs".to_owned(),
        _ => format!("{}, {}", format::counted(all, "run"), parts.join(", ")),
    }
}

/// The same for those who do not see the bars.
fn table(histogram: &RunHistogram, now: Timestamp) -> AnyView {
    let rows = histogram.buckets.iter().enumerate();
    let rows = rows.filter(|(_, counts)| counts.iter().any(|count| *count > 0));
    view! {
        // Around the table: a table itself grows to its content, and would widen the page.
        <div class="visually-hidden">
            <table>
                <caption>"Runs over time"</caption>
                <thead>
                    <tr><th scope="col">"From – to"</th><th scope="col">"Runs"</th></tr>
                </thead>
                <tbody>
                    {rows
                        .map(|(index, counts)| view! {
                            <tr>
                                <th scope="row">{span_words(histogram, index..index + 1, now)}</th>
                                <td>{count_words(*counts)}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_words_leave_out_what_there_is_none_of() {
        assert_eq!(
            count_words([1, 0, 0, 1_203, 0]),
            "1,204 runs, 1 failed, 1,203 success"
        );
        assert_eq!(count_words([0; 5]), "no runs");
        assert_eq!(sum(&[[1, 0, 0, 2, 0], [1, 1, 0, 0, 0]]), [2, 1, 0, 2, 0]);
    }

    #[test]
    fn every_group_has_its_place_in_a_bar() {
        let mut order = ORDER;
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3, 4]);
    }
}
