//! The run history: pages that load as one scrolls, rows that change in place, and the news that are not shown yet.

use std::collections::HashMap;
use std::time::Duration;

use flowdeck_vocabulary::FlowGroupId;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::poll::{Cadence, poll};
use super::ticking::now;
use crate::api;
use crate::model::{GroupCounts, RunCounts, RunFilter, RunHistogram, RunList, RunSort, Timestamp, wire_text};
use crate::polled::Polled;
use crate::scroll_memory::use_scroll_memory;
use crate::session::local_offset;

/// What a run history is of, and in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct RunQuery {
    /// What holds whatever a person writes: the flow or the project of the page.
    pub of: Value,
    /// What the person wrote.
    pub filter: RunFilter,
    /// The order.
    pub sort: RunSort,
    /// The time that the runs over time cover, from and to; `None` is from the first of the runs to the last.
    pub over: Option<(Timestamp, Timestamp)>,
}

impl RunQuery {
    /// `where` of the API, as of now. What is yet to start is left out unless the filter asks for it.
    pub fn to_where(&self) -> Value {
        let now = now();
        let wanted = self.filter.where_json(now, local_offset);
        if self.filter.is_about_what_comes() {
            return json!({ "_and": [self.of, wanted] });
        }
        let due = json!({ "scheduled_start_time": { "_lte": wire_text(now) } });
        json!({ "_and": [self.of, wanted, due] })
    }

    /// The same without what the filter says of states.
    pub fn to_where_of_any_state(&self) -> Value {
        json!({ "_and": [self.of, self.filter.without_states().where_json(now(), local_offset)] })
    }
}

/// What to ask for next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// What has changed.
    Refresh,
    /// The next page.
    More,
    /// The first so many rows.
    Reload(usize),
}

/// A run history on screen. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct RunHistory {
    /// The rows. While those of another query are on their way, the last ones stay.
    pub list: Polled<RunList>,
    /// Whether the rows are still those of the query before.
    pub is_outdated: Memo<bool>,
    /// Which rows are in the page, from the first up to but not with the end: only they are asked for again.
    pub shown: RwSignal<(usize, usize)>,
    step: StoredValue<Step>,
    refresh: Callback<()>,
}

impl RunHistory {
    /// Loads the next page.
    pub fn load_more(self) {
        if self.step.get_value() == Step::Refresh {
            self.take(Step::More);
        }
    }

    /// Loads the first page again.
    pub fn show_new(self) {
        self.take(Step::Reload(RunList::PAGE));
    }

    /// Loads all that is loaded again, up to 1,000 rows.
    pub fn reload(self) {
        let loaded = self
            .list
            .value
            .with_untracked(|list| list.as_ref().map_or(0, |list| list.rows().len()));
        self.take(Step::Reload(loaded.clamp(RunList::PAGE, RunList::LONGEST_RELOAD)));
    }

    fn take(self, step: Step) {
        self.step.set_value(step);
        self.refresh.run(());
    }
}

/// The runs of a query; quick while one of those in sight moves.
pub fn use_run_history(query: Memo<Option<RunQuery>>) -> RunHistory {
    let step = StoredValue::new(Step::Refresh);
    let shown = RwSignal::new((0, 0));
    let memory = use_scroll_memory();
    let polled = poll(
        move || {
            step.set_value(Step::Refresh);
            query.get()
        },
        move |list: &RunList| {
            let (first, end) = shown.get_untracked();
            let moving = list
                .rows()
                .iter()
                .take(end)
                .skip(first)
                .any(|row| row.run.state.is_running() || row.run.state.is_meta());
            if moving { Cadence::Live } else { Cadence::Normal }
        },
        move |query, list: Option<RunList>| {
            let wanted = step.get_value();
            // Who comes back finds as many rows as there were.
            let first = memory.wanted_table().map_or(0, |table| table.count);
            let first = first.clamp(RunList::PAGE, RunList::LONGEST_RETURN);
            async move {
                let answer = ask(&query, list, wanted, shown.get_untracked(), first).await?;
                // Another page may have been asked for in the meantime.
                if step.get_value() == wanted {
                    step.set_value(Step::Refresh);
                }
                Ok(answer)
            }
        },
    );
    let last = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(list) = polled.value.get() {
            last.set(Some(list));
        }
    });
    RunHistory {
        list: Polled {
            value: last,
            ..polled
        },
        is_outdated: Memo::new(move |_| polled.value.with(Option::is_none)),
        shown,
        step,
        refresh: polled.refresh,
    }
}

async fn ask(
    query: &RunQuery,
    list: Option<RunList>,
    step: Step,
    shown: (usize, usize),
    first: usize,
) -> Result<RunList, api::ApiError> {
    let (filter, sort) = (query.to_where(), query.sort);
    match (list, step) {
        (Some(list), Step::Refresh) => api::run_history::refresh(list, filter, sort, shown.0..shown.1).await,
        (Some(list), Step::More) => {
            let last = list.rows().last().cloned();
            let page = api::run_history::page(filter, sort, last, RunList::PAGE).await?;
            Ok(list.with_page(page))
        }
        (_, step) => {
            let limit = match step {
                Step::Reload(limit) => limit,
                _ => first,
            };
            let rows = api::run_history::page(filter, sort, None, limit).await?;
            Ok(RunList::first(rows, limit))
        }
    }
}

/// How many runs a query lets through, by state and over time; what is known stays while another query is counted.
pub fn use_run_counts(query: Memo<Option<RunQuery>>) -> RwSignal<Option<RunCounts>> {
    let key = Memo::new(move |_| {
        // The order changes no count.
        query.get().map(|query| RunQuery {
            sort: RunSort::default(),
            ..query
        })
    });
    let polled = poll(move || key.get(), |_| Cadence::Normal, count);
    let known = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(counts) = polled.value.get() {
            known.set(Some(counts));
        }
    });
    known
}

async fn count(query: RunQuery, before: Option<RunCounts>) -> Result<RunCounts, api::ApiError> {
    let (filter, any_state) = (query.to_where(), query.to_where_of_any_state());
    let ask = |bars| api::run_history::count(filter.clone(), any_state.clone(), bars);
    let given = query
        .over
        .map(|(from, to)| RunHistogram::covering(from, to, local_offset));
    let is_given = given.is_some();
    let mut histogram = given.or_else(|| before.and_then(|before| before.histogram));
    let mut counted = ask(histogram.as_ref().map(RunHistogram::equal_stretches)).await?;
    let fits = histogram
        .as_mut()
        .is_some_and(|histogram| fill(histogram, &counted));
    if is_given {
        histogram = histogram.filter(|_| counted.bars.is_some());
    } else if !fits {
        // Not known yet, or outgrown by the runs.
        if histogram.is_some() {
            counted = ask(None).await?;
        }
        histogram = counted
            .bounds
            .map(|(first, last)| RunHistogram::covering(first, last, local_offset));
        if let Some(histogram) = &mut histogram {
            counted = ask(Some(histogram.equal_stretches())).await?;
            // What has come in between is in the next one.
            fill(histogram, &counted);
        }
    }
    Ok(RunCounts {
        total: counted.total,
        groups: counted.groups,
        states: counted.states,
        histogram,
    })
}

/// Puts counts into the stretches of time; whether all runs lie within them.
fn fill(histogram: &mut RunHistogram, counted: &api::run_history::Counted) -> bool {
    histogram.buckets.fill(GroupCounts::default());
    let mut fits = true;
    for bar in counted.bars.iter().flatten() {
        fits &= histogram.add(bar.since, bar.state, bar.count);
    }
    fits
}

/// How long runs of these flows usually take, as far as it is known; what is known stays when others are asked for.
pub fn use_usual_durations(flows: Memo<Vec<FlowGroupId>>) -> RwSignal<HashMap<FlowGroupId, Duration>> {
    let polled = poll(
        move || Some(flows.get()).filter(|flows| !flows.is_empty()),
        |_| Cadence::Slow,
        |flows, _| api::flow_run::usual_durations(flows),
    );
    let known = RwSignal::new(HashMap::new());
    Effect::new(move |_| {
        if let Some(found) = polled.value.get() {
            known.update(|known| known.extend(found));
        }
    });
    known
}
