//! The question before an action on many flow runs. Which runs are meant is looked up before it is asked: what comes
//! later is not among those that were counted, and stays as it is.

use std::collections::HashSet;
use std::sync::Arc;

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::api;
use crate::model::BulkAsked;
use crate::session::{Toasts, Tone, use_toasts};

/// Which flow runs are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum BulkTargets {
    /// These.
    Runs(Vec<FlowRunId>),
    /// All that this `where` of the API lets through when it is asked, but those.
    Matching(Value, HashSet<FlowRunId>),
}

/// How far a question is.
#[derive(Debug, Clone, PartialEq)]
pub enum Asking {
    /// The runs are being looked up; so many are known.
    LookingUp(usize),
    /// It can be asked: these are the runs, and of so many that were meant, where not with all there is anything to do.
    Known(Arc<Vec<FlowRunId>>, Option<usize>),
}

/// The question before an action. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct BulkQuestion {
    /// What is asked; `None` takes it back.
    pub asked: RwSignal<Option<(BulkAsked, Asking)>>,
    /// Tells one question from the next.
    number: StoredValue<usize>,
    toasts: Toasts,
}

/// The question of a page that has actions on many flow runs.
pub fn use_bulk_question() -> BulkQuestion {
    BulkQuestion {
        asked: RwSignal::new(None),
        number: StoredValue::new(0),
        toasts: use_toasts(),
    }
}

impl BulkQuestion {
    /// Looks up which runs are meant; then it can be asked. `of` is how many were picked, where that may be more.
    pub fn ask(self, about: BulkAsked, targets: BulkTargets, of: Option<usize>) {
        self.number.update_value(|number| *number += 1);
        let (filter, left_out) = match targets {
            BulkTargets::Runs(ids) => return self.show(about, ids, of),
            BulkTargets::Matching(filter, left_out) => (filter, left_out),
        };
        self.asked.set(Some((about, Asking::LookingUp(0))));
        let number = self.number.get_value();
        spawn_local(async move {
            let found = self.look_up(about, filter, &left_out, number).await;
            // The page may have been left, the question taken back, or another one be asked.
            if !self.is_wanted(number) {
                return;
            }
            match found {
                Ok(ids) => self.show(about, ids, of),
                Err(error) => self.refuse(format!(
                    "Nothing was done: the runs could not be looked up. {error}"
                )),
            }
        });
    }

    fn show(self, about: BulkAsked, ids: Vec<FlowRunId>, of: Option<usize>) {
        if ids.is_empty() {
            return self.refuse(format!("Nothing was done. {}", about.refusal()));
        }
        let of = of.filter(|of| *of > ids.len());
        self.asked.set(Some((about, Asking::Known(Arc::new(ids), of))));
    }

    fn refuse(self, why: String) {
        self.asked.set(None);
        self.toasts.show(Tone::Bad, why, None, None);
    }

    fn is_wanted(self, number: usize) -> bool {
        let is_asked = self.asked.try_with_untracked(Option::is_some) == Some(true);
        is_asked && self.number.try_get_value() == Some(number)
    }

    async fn look_up(
        self,
        about: BulkAsked,
        filter: Value,
        left_out: &HashSet<FlowRunId>,
        number: usize,
    ) -> Result<Vec<FlowRunId>, api::ApiError> {
        let mut all: Vec<FlowRunId> = Vec::new();
        let mut last = None;
        loop {
            let ids = api::run_history::ids_after(filter.clone(), last).await?;
            let is_last = ids.len() < api::run_history::MOST_IDS;
            last = ids.last().copied();
            all.extend(ids.into_iter().filter(|id| !left_out.contains(id)));
            if is_last || !self.is_wanted(number) {
                return Ok(all);
            }
            self.asked.set(Some((about, Asking::LookingUp(all.len()))));
        }
    }
}
