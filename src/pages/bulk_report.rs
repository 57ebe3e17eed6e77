//! An action on many flow runs, on the pages that offer one: how far it is, and what went wrong.

use std::collections::HashSet;

use leptos::prelude::*;
use serde_json::Value;

use super::bulk_question::BulkQuestionView;
use crate::format;
use crate::model::{BulkAction, BulkAsked, BulkFailure, BulkPhase, BulkProgress, BulkReason};
use crate::resources::{Bulk, BulkTargets, NAMED_FAILURES, use_bulk, use_bulk_question};
use crate::routes::Route;
use crate::session::{Tone, use_toasts};
use crate::ui::button::Button;
use crate::ui::live::live;

/// Does what is asked for with all runs that a `where` of the API lets through, after asking with their number, one
/// action after the other, and reports it: for a page that has only a button.
#[component]
pub fn BulkOnDemand(asked: RwSignal<Option<(BulkAction, Value)>>, on_done: Callback<()>) -> impl IntoView {
    let bulk = use_bulk(on_done);
    let question = use_bulk_question();
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some((action, runs)) = asked.get() {
            asked.set(None);
            if untrack(|| bulk.is_at_work()) {
                let words = "Something else is being done with runs here: wait for its end, or stop it.";
                toasts.show(Tone::Warning, words, None, None);
                return;
            }
            question.ask(
                BulkAsked::Action(action),
                BulkTargets::Matching(runs, HashSet::new()),
                None,
            );
        }
    });
    let start = Callback::new(move |(deed, runs)| bulk.start(deed, runs));
    view! {
        <BulkQuestionView question=question on_yes=start/>
        <BulkReport bulk=bulk/>
    }
}

/// How far an action is, and what went wrong.
#[component]
pub fn BulkReport(bulk: Bulk) -> impl IntoView {
    let shown = Memo::new(move |_| bulk.progress.with(Option::is_some));
    live(move || {
        shown.get().then(|| {
            let part = move |of: fn(&BulkProgress) -> usize| {
                Memo::new(move |_| bulk.progress.with(|progress| progress.as_ref().map_or(0, of)))
            };
            let (done, total) = (part(|progress| progress.done), part(|progress| progress.total));
            let failed = part(|progress| progress.failures.len());
            let at_work = Memo::new(move |_| bulk.is_at_work());
            view! {
                <section class="bulk-report panel" aria-label="What is done with the runs">
                    <div class="bulk-report__head">
                        <p class="bulk-report__words" role="status">
                            {move || bulk.progress.with(|progress| progress.as_ref().map(words))}
                        </p>
                        // Full when all went wrong, too: of what has ended the words alone tell.
                        {move || at_work.get().then(|| view! {
                            <progress
                                class="bulk-report__bar"
                                aria-label="Progress"
                                max=move || total.get().max(1).to_string()
                                prop:value=move || done.get().to_string()
                            ></progress>
                        })}
                        {move || if at_work.get() {
                            view! { <Button label="Stop" on_click=Callback::new(move |()| bulk.stop())/> }
                        } else {
                            view! { <Button label="Close" on_click=Callback::new(move |()| bulk.close())/> }
                        }}
                    </div>
                    {move || (failed.get() > 0).then(|| failures(bulk, failed.get()))}
                </section>
            }
        })
    })
}

fn words(progress: &BulkProgress) -> String {
    let runs = format::counted(progress.total, "run");
    let done = progress.deed.done();
    match &progress.phase {
        BulkPhase::Stopped => format!(
            "Stopped: {} of {runs} {done}, {} left as they were.",
            format::count(progress.succeeded()),
            format::count(progress.total - progress.succeeded()),
        ),
        BulkPhase::AtWork | BulkPhase::Ended => {
            format!("{} of {runs} {done}.", format::count(progress.succeeded()))
        }
    }
}

/// Why it did not go well and with which runs, of which at most the first hundred are named.
fn failures(bulk: Bulk, count: usize) -> AnyView {
    let reasons = bulk.progress.with_untracked(|progress| {
        let reasons = progress.as_ref().map(|progress| progress.reasons(NAMED_FAILURES));
        reasons.unwrap_or_default()
    });
    let link = |failure: BulkFailure| {
        let name = failure.name.unwrap_or_else(|| failure.id.to_string());
        view! { <a class="link link--main" href=Route::flow_run(failure.id).to_string()>{name}</a> }
    };
    let line = move |mut reason: BulkReason| {
        // What stands alone needs no fold.
        let alone = (reason.count == 1).then(|| reason.named.pop()).flatten();
        match alone {
            Some(one) => view! { <li>{link(one)} " " {reason.why}</li> }.into_any(),
            None => view! {
                <li>
                    <details>
                        <summary>{format::counted(reason.count, "run")} ": " {reason.why}</summary>
                        {reason.named.into_iter().map(|failure| view! { <p>{link(failure)}</p> }).collect_view()}
                    </details>
                </li>
            }
            .into_any(),
        }
    };
    view! {
        <details class="bulk-report__failures" open>
            <summary>{format!("{} not", format::count(count))}</summary>
            <ul>{reasons.into_iter().map(line).collect_view()}</ul>
            {(count > NAMED_FAILURES).then(|| view! {
                <p>{format!("{} of them are not named", format::count(count - NAMED_FAILURES))}</p>
            })}
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use flowdeck_vocabulary::StateType;

    use super::*;
    use crate::model::{BulkDeed, StateChange};

    #[test]
    fn it_says_how_far_it_is_and_what_was_left() {
        let failure = BulkFailure {
            id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            name: None,
            why: "Why not.".to_owned(),
        };
        let mut progress = BulkProgress {
            deed: BulkDeed::Action(BulkAction::Delete),
            total: 120,
            done: 34,
            failures: vec![failure],
            phase: BulkPhase::AtWork,
        };
        assert_eq!(words(&progress), "33 of 120 runs deleted.");
        progress.phase = BulkPhase::Stopped;
        assert_eq!(
            words(&progress),
            "Stopped: 33 of 120 runs deleted, 87 left as they were."
        );
        progress.done = 120;
        progress.phase = BulkPhase::Ended;
        assert_eq!(words(&progress), "119 of 120 runs deleted.");
        progress.deed = BulkDeed::SetState(StateChange {
            state: StateType::Failed,
            reason: String::new(),
            with_task_runs: false,
            seen_version: None,
        });
        assert_eq!(words(&progress), "119 of 120 runs set to Failed.");
    }
}
