//! What can be done with the picked runs: the bar, and the question before.

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;
use serde_json::Value;

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

    fn targets(self) -> BulkTargets {
        let order: Vec<FlowRunId> = self
            .list
            .with_untracked(|list| list.rows().iter().map(|row| row.run.id).collect());
        self.selection.with_untracked(|selection| {
            if selection.is_all_matching() {
                BulkTargets::Matching(self.filter.run(()), selection.left_out())
            } else {
                BulkTargets::Runs(selection.among(&order))
            }
        })
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
        view! {
            <Button
                label=about.word()
                icon=icon
                weight=weight
                busy=is_busy
                on_click=Callback::new(move |()| question.ask(about, picked.targets()))
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
