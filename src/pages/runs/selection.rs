//! What can be done with the picked runs: the bar, and the question before.

use flowdeck_vocabulary::{FlowRunId, StateType};
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::format;
use crate::model::{BulkAction, BulkAsked, RunList, RunSelection};
use crate::pages::bulk_question::BulkQuestionView;
use crate::resources::{Bulk, BulkTargets, use_bulk_question};
use crate::ui::button::{Button, Weight};
use crate::ui::focus::rescue_focus;
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
    /// The filter, as `where` of the API, when an action is asked for.
    pub filter: Callback<(), Value>,
    /// The action under way.
    pub bulk: Bulk,
}

impl Picked {
    /// How many runs are picked; when all that match are, also of how many.
    fn count(self) -> (usize, Option<usize>) {
        self.selection.with(|selection| {
            if !selection.is_all_matching() {
                return (selection.len(), None);
            }
            let left_out = self.list.with(|list| {
                // One that matches no longer, or is deleted, is not among them anyway.
                let is_gone =
                    |id: FlowRunId| list.is_outside(id) || (list.is_complete() && list.row(id).is_none());
                selection
                    .left_out()
                    .into_iter()
                    .filter(|id| !is_gone(*id))
                    .count()
            });
            let matching = self.matching.get().unwrap_or_default();
            (matching.saturating_sub(left_out), Some(matching))
        })
    }

    /// The picked ones among the loaded runs with which there is something to do; `None` when all that match are meant.
    fn applicable(self, about: BulkAsked) -> Option<Vec<FlowRunId>> {
        self.selection.with(|selection| {
            if selection.is_all_matching() {
                return None;
            }
            let applicable: Vec<FlowRunId> = self.list.with(|list| {
                let rows = list.rows().iter();
                rows.filter(|row| about.applies_to(row.run.state, row.tasks.has_failed()))
                    .map(|row| row.run.id)
                    .collect()
            });
            Some(selection.among(&applicable))
        })
    }

    fn targets(self, about: BulkAsked) -> BulkTargets {
        if let Some(ids) = self.applicable(about) {
            return BulkTargets::Runs(ids);
        }
        let mut filter = self.filter.run(());
        // Whether a task run failed is not asked of so many.
        if about == BulkAsked::Action(BulkAction::Cancel) {
            let states = StateType::ALL.into_iter();
            let states: Vec<&str> = states
                .filter(|state| about.applies_to(*state, false))
                .map(StateType::name)
                .collect();
            filter = json!({ "_and": [filter, { "state": { "_in": states } }] });
        }
        BulkTargets::Matching(filter, self.selection.with(RunSelection::left_out))
    }
}

/// The bar over the table while runs are picked.
#[component]
pub fn SelectionBar(picked: Picked) -> impl IntoView {
    let question = use_bulk_question();
    let count = Memo::new(move |_| picked.count());
    let more = Memo::new(move |_| {
        let loaded = picked.list.with(|list| list.rows().len());
        let (picked_now, of_all) = count.get();
        let is_more = |matching: &usize| *matching > picked_now && picked_now >= loaded;
        picked.matching.get().filter(is_more).filter(|_| of_all.is_none())
    });
    let words = move || match count.get() {
        (count, Some(all)) if count < all => {
            format!(
                "{} of all {} that match",
                format::count(count),
                format::count(all)
            )
        }
        (count, _) => format!("{} selected", format::count(count)),
    };
    let is_busy = Memo::new(move |_| picked.bulk.is_at_work());
    let button = move |about: BulkAsked| {
        let (icon, weight) = match about {
            BulkAsked::Action(BulkAction::Cancel) => (Icon::Stop, Weight::Plain),
            BulkAsked::Action(BulkAction::Restart) => (Icon::Resume, Weight::Plain),
            BulkAsked::Action(BulkAction::RunAgain) => (Icon::Retry, Weight::Plain),
            BulkAsked::State => (Icon::Flag, Weight::Plain),
            BulkAsked::Action(BulkAction::Delete) => (Icon::Close, Weight::Danger),
        };
        // With how many there is something to do, where it is not all that are picked.
        let part = Memo::new(move |_| {
            let applicable = picked.applicable(about)?.len();
            let (count, _) = count.get();
            (applicable < count).then_some((applicable, count))
        });
        let label = move || match (about, part.get()) {
            (BulkAsked::Action(action), Some((applicable, count))) => action.words_with(&format!(
                "{} of {}",
                format::count(applicable),
                format::count(count)
            )),
            _ => about.word().to_owned(),
        };
        let refused = move || {
            part.get()
                .filter(|part| part.0 == 0)
                .map(|_| about.refusal().to_owned())
        };
        view! {
            <Button
                label=Signal::derive(label)
                icon=icon
                weight=weight
                busy=is_busy
                refused=Signal::derive(refused)
                on_click=Callback::new(move |()| untrack(|| {
                    question.ask(about, picked.targets(about), Some(picked.count().0));
                }))
            />
        }
    };
    view! {
        <div class="selection-bar" role="group" aria-label="Selected runs">
            <p class="selection-bar__count" role="status">{words}</p>
            {move || more.get().map(|matching| view! {
                <Button
                    label=format!("Select all {} that match", format::count(matching))
                    weight=Weight::Quiet
                    on_click=Callback::new(move |()| picked.selection.update(RunSelection::pick_all_matching))
                />
            })}
            <span class="selection-bar__actions">{BulkAsked::ALL.map(button).collect_view()}</span>
            <Button
                label="Clear the selection"
                icon=Icon::Close
                weight=Weight::Quiet
                only_icon=true
                on_click=Callback::new(move |()| picked.selection.set(RunSelection::default()))
            />
        </div>
        <BulkQuestionView
            question=question
            on_yes=Callback::new(move |(deed, runs)| {
                picked.bulk.start(deed, runs);
                picked.selection.set(RunSelection::default());
                rescue_focus(".run-table [tabindex='0']");
            })
        />
    }
}
