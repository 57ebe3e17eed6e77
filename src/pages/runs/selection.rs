//! What can be done with the picked runs: the bar, the question before, and how far it is.

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;
use serde_json::Value;

use crate::format;
use crate::model::{BulkAction, BulkPhase, BulkProgress, RunList, RunSelection};
use crate::resources::{Bulk, BulkTargets};
use crate::routes::Route;
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Confirm;
use crate::ui::icon::Icon;

/// What the bar is about. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Picked {
    /// The loaded runs.
    pub list: Signal<RunList>,
    /// What is picked.
    pub selection: RwSignal<RunSelection>,
    /// How many runs match the filter; `None` until it is known.
    pub matching: Signal<Option<usize>>,
    /// The filter, as `where` of the API, when an action begins.
    pub filter: Callback<(), Value>,
    /// The action under way.
    pub bulk: Bulk,
}

impl Picked {
    /// How many runs are picked.
    fn count(self) -> usize {
        self.selection
            .with(|selection| match selection.is_all_matching() {
                true => self.matching.get().unwrap_or_else(|| selection.len()),
                false => selection.len(),
            })
    }

    fn targets(self) -> BulkTargets {
        if self.selection.with_untracked(RunSelection::is_all_matching) {
            return BulkTargets::Matching(self.filter.run(()));
        }
        let order: Vec<FlowRunId> = self
            .list
            .with_untracked(|list| list.rows().iter().map(|row| row.run.id).collect());
        BulkTargets::Runs(self.selection.with_untracked(|selection| selection.among(&order)))
    }
}

/// The bar over the table while runs are picked.
#[component]
pub fn SelectionBar(picked: Picked) -> impl IntoView {
    let asked = RwSignal::new(None::<BulkAction>);
    let count = Memo::new(move |_| picked.count());
    let more = Memo::new(move |_| {
        let all = picked.selection.with(RunSelection::is_all_matching);
        let loaded = picked.list.with(|list| list.rows().len());
        picked
            .matching
            .get()
            .filter(|matching| !all && *matching > count.get() && count.get() >= loaded)
    });
    let is_busy = Memo::new(move |_| {
        picked
            .bulk
            .progress
            .with(|progress| progress.as_ref().is_some_and(BulkProgress::is_at_work))
    });
    let button = move |action: BulkAction| {
        let icon = match action {
            BulkAction::Cancel => Icon::Stop,
            BulkAction::RunAgain => Icon::Retry,
            BulkAction::Delete => Icon::Close,
        };
        let weight = if action == BulkAction::Delete {
            Weight::Danger
        } else {
            Weight::Plain
        };
        view! {
            <Button
                label=action.word()
                icon=icon
                weight=weight
                busy=is_busy
                on_click=Callback::new(move |()| asked.set(Some(action)))
            />
        }
    };
    view! {
        <div class="selection-bar" role="group" aria-label="Selected runs">
            <p class="selection-bar__count" role="status">{move || format!("{} selected", format::count(count.get()))}</p>
            {move || more.get().map(|matching| view! {
                <Button
                    label=format!("Select all {} that match", format::count(matching))
                    weight=Weight::Quiet
                    on_click=Callback::new(move |()| picked.selection.update(RunSelection::pick_all_matching))
                />
            })}
            <span class="selection-bar__actions">{BulkAction::ALL.map(button).collect_view()}</span>
            <Button
                label="Clear the selection"
                icon=Icon::Close
                weight=Weight::Quiet
                only_icon=true
                on_click=Callback::new(move |()| picked.selection.set(RunSelection::default()))
            />
        </div>
        {move || asked.get().map(|action| ask(picked, action, asked))}
    }
}

/// Asks, with the number of runs spelled out, before it is done.
fn ask(picked: Picked, action: BulkAction, asked: RwSignal<Option<BulkAction>>) -> AnyView {
    let runs = format::counted(untrack(move || picked.count()), "run");
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            asked.set(None);
        }
    });
    view! {
        <Confirm
            open=open
            title=format!("{} {runs}?", action.word())
            text=action.consequence().to_owned()
            yes=format!("{} {runs}", action.word())
            no="Leave them"
            on_yes=Callback::new(move |()| {
                picked.bulk.start(action, picked.targets());
                picked.selection.set(RunSelection::default());
            })
        />
    }
    .into_any()
}

/// How far an action is, and what went wrong.
#[component]
pub fn BulkReport(bulk: Bulk, list: Signal<RunList>) -> impl IntoView {
    let shown = Memo::new(move |_| bulk.progress.with(Option::is_some));
    move || {
        shown.get().then(|| {
            let part = move |of: fn(&BulkProgress) -> usize| {
                Memo::new(move |_| bulk.progress.with(|progress| progress.as_ref().map_or(0, of)))
            };
            let (done, total) = (part(|progress| progress.done), part(|progress| progress.total));
            let failed = part(|progress| progress.failures.len());
            let at_work = Memo::new(move |_| {
                bulk.progress
                    .with(|progress| progress.as_ref().is_some_and(BulkProgress::is_at_work))
            });
            view! {
                <section class="bulk-report panel" aria-label="What is done with the runs">
                    <div class="bulk-report__head">
                        <p class="bulk-report__words" role="status">
                            {move || bulk.progress.with(|progress| progress.as_ref().map(words))}
                        </p>
                        <progress
                            class="bulk-report__bar"
                            aria-label="Progress"
                            max=move || total.get().max(1).to_string()
                            prop:value=move || done.get().to_string()
                        ></progress>
                        {move || if at_work.get() {
                            view! { <Button label="Stop" on_click=Callback::new(move |()| bulk.stop())/> }
                        } else {
                            view! { <Button label="Close" on_click=Callback::new(move |()| bulk.close())/> }
                        }}
                    </div>
                    {move || (failed.get() > 0).then(|| failures(bulk, list, failed.get()))}
                </section>
            }
        })
    }
}

fn words(progress: &BulkProgress) -> String {
    let runs = format::counted(progress.total, "run");
    let done = progress.action.done();
    match &progress.phase {
        BulkPhase::LookingUp => format!("Looking up the runs: {} so far.", format::count(progress.total)),
        BulkPhase::AtWork => format!("{} of {runs} {done}.", format::count(progress.done)),
        BulkPhase::Stopped => format!(
            "Stopped: {} of {runs} {done}, {} left as they were.",
            format::count(progress.succeeded()),
            format::count(progress.total - progress.succeeded()),
        ),
        BulkPhase::Ended => format!("{} of {runs} {done}.", format::count(progress.succeeded())),
        BulkPhase::Failed(why) => format!("Nothing was done: the runs could not be looked up. {why}"),
    }
}

/// Each run for which it did not go well, at most the first hundred, and why.
fn failures(bulk: Bulk, list: Signal<RunList>, count: usize) -> AnyView {
    const MOST: usize = 100;
    let rows = bulk.progress.with_untracked(|progress| {
        let failures = progress
            .as_ref()
            .map(|progress| progress.failures.as_slice())
            .unwrap_or_default();
        failures
            .iter()
            .take(MOST)
            .map(|(id, why)| {
                let name = list.with_untracked(|list| list.row(*id).map(|row| row.run.name.clone()));
                view! {
                    <li>
                        <a class="link link--main" href=Route::flow_run(*id).to_string()>
                            {name.unwrap_or_else(|| id.to_string())}
                        </a>
                        " " {why.clone()}
                    </li>
                }
            })
            .collect_view()
    });
    view! {
        <details class="bulk-report__failures" open>
            <summary>{format!("{} not", format::count(count))}</summary>
            <ul>{rows}</ul>
            {(count > MOST).then(|| view! { <p>{format!("and {} more", format::count(count - MOST))}</p> })}
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_far_it_is_and_what_was_left() {
        let id: FlowRunId = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap();
        let mut progress = BulkProgress {
            action: BulkAction::Delete,
            total: 120,
            done: 34,
            failures: vec![(id, "Why not.".to_owned())],
            phase: BulkPhase::AtWork,
        };
        assert_eq!(words(&progress), "34 of 120 runs deleted.");
        progress.phase = BulkPhase::Stopped;
        assert_eq!(
            words(&progress),
            "Stopped: 33 of 120 runs deleted, 87 left as they were."
        );
        progress.done = 120;
        progress.phase = BulkPhase::Ended;
        assert_eq!(words(&progress), "119 of 120 runs deleted.");
    }
}
