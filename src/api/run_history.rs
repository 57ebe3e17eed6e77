//! The run history: pages of it, what has changed of them, the runs that a filter means, and how many they are.

use std::ops::Range;

use flowdeck_vocabulary::{FlowRunId, StateGroup, StateType};
use serde_json::{Value, json};

use super::row::Row;
use super::{ApiError, ask, extensions, fragments};
use crate::model::{EqualStretches, GroupCounts, RunList, RunRow, RunSort, TaskCounts, Timestamp, wire_text};

/// The names that the document gives the groups of states, in their order.
const GROUPS: [&str; 5] = ["failed", "running", "pending", "success", "cancelled"];

/// How many new runs are counted at most.
const MOST_NEW: usize = 200;

/// How many ids one answer has at most; one that has fewer is the last.
pub const MOST_IDS: usize = 1_000;

/// What is asked of the one document.
struct Question {
    filter: Value,
    limit: usize,
    ids_filter: Value,
    ids_limit: usize,
    /// The runs in sight, and with that the filter they are to fit.
    shown: Option<(Value, Value)>,
    order_by: Value,
}

/// A filter that lets nothing through.
fn nothing() -> Value {
    json!({ "id": { "_in": [] } })
}

async fn get_run_history(question: Question) -> Result<Value, ApiError> {
    let shown_limit = if question.shown.is_some() {
        question.limit
    } else {
        0
    };
    let (known, fitting) = question.shown.unwrap_or_else(|| (nothing(), nothing()));
    let mut variables = json!({
        "known_where": known,
        "fitting_where": fitting,
        "shown_limit": shown_limit,
        "where": question.filter,
        "limit": question.limit,
        "ids_where": question.ids_filter,
        "ids_limit": question.ids_limit,
        "order_by": question.order_by,
    });
    for (group, name) in StateGroup::ALL.into_iter().zip(GROUPS) {
        // A mapped task run's children count, not the task run itself.
        let states = group.states().filter(|state| *state != StateType::Mapped);
        variables[name] = states.map(StateType::name).collect();
    }
    ask(include_str!("run_history.graphql"), &variables).await
}

fn run_row(row: Row<'_>) -> Result<RunRow, ApiError> {
    Ok(RunRow {
        run: fragments::flow_run(row)?,
        flow_group_id: row.row("flow")?.id("flow_group_id")?,
        tasks: TaskCounts(GROUPS.map(|name| row.aggregate_count(name))),
        updated_at: row.time("updated")?,
    })
}

fn ids(data: &Value, name: &str) -> Result<Vec<FlowRunId>, ApiError> {
    Row(data).list(name, |row| row.id("id"))
}

/// The runs that `filter` lets through, from the first or from the one after `last` on; at most `limit`.
pub async fn page(
    filter: Value,
    sort: RunSort,
    last: Option<RunRow>,
    limit: usize,
) -> Result<Vec<RunRow>, ApiError> {
    let data = get_run_history(Question {
        filter: match last {
            Some(last) => json!({ "_and": [filter, sort.after(&last)] }),
            None => filter,
        },
        limit,
        ids_filter: nothing(),
        ids_limit: 0,
        shown: None,
        order_by: sort.order_by(),
    })
    .await?;
    Row(&data).list("flow_run", run_row)
}

/// The list with what has changed of the rows `shown`, without those that were deleted, and with the number of runs that
/// belong between its rows and are not loaded; at most 200 of these are counted.
pub async fn refresh(
    list: RunList,
    filter: Value,
    sort: RunSort,
    shown: Range<usize>,
) -> Result<RunList, ApiError> {
    let stale = list.stale(shown.clone()).map(|(ids, since)| {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        (json!({ "id": { "_in": ids } }), since)
    });
    let in_sight = stale
        .as_ref()
        .map(|(those, _)| (those.clone(), json!({ "_and": [those, filter] })));
    let changed = stale.map(|(those, since)| {
        // A run at work does not change when one of its task runs does.
        let at_work: Vec<&str> = StateGroup::Running.states().map(StateType::name).collect();
        json!({ "_and": [those, { "_or": [
            { "updated": { "_gt": wire_text(since) } },
            { "state": { "_in": at_work } },
        ] }] })
    });
    let mut between = vec![
        filter,
        json!({ "updated": { "_gt": wire_text(list.loaded_at()) } }),
    ];
    if let Some(last) = list.rows().last().filter(|_| !list.is_complete()) {
        between.push(json!({ "_not": sort.after(last) }));
    }
    let data = get_run_history(Question {
        limit: changed.as_ref().map_or(0, |_| shown.len()),
        filter: changed.unwrap_or_else(nothing),
        ids_filter: json!({ "_and": between }),
        ids_limit: MOST_NEW,
        shown: in_sight,
        order_by: sort.order_by(),
    })
    .await?;
    let rows = Row(&data).list("flow_run", run_row)?;
    let list = list.with_changes(shown.clone(), rows, &ids(&data, "ids")?);
    Ok(list.with_kept(shown, &ids(&data, "known")?, &ids(&data, "fitting")?))
}

/// The ids of the runs that `filter` lets through, in the order of the ids, from the one after `last` on; at most 1,000.
pub async fn ids_after(filter: Value, last: Option<FlowRunId>) -> Result<Vec<FlowRunId>, ApiError> {
    let data = get_run_history(Question {
        filter: nothing(),
        limit: 0,
        ids_filter: match last {
            Some(last) => json!({ "_and": [filter, { "id": { "_gt": last.to_string() } }] }),
            None => filter,
        },
        ids_limit: MOST_IDS,
        shown: None,
        order_by: json!([{ "id": "asc" }]),
    })
    .await?;
    ids(&data, "ids")
}

/// Runs of one state that began in one stretch of time.
pub struct Bar {
    /// When the stretch begins.
    pub since: Timestamp,
    /// The state.
    pub state: StateType,
    /// How many.
    pub count: usize,
}

/// What counting answers.
pub struct Counted {
    /// How many runs the filter lets through.
    pub total: usize,
    /// How many it would let through in each group of states, in the order of [`StateGroup::ALL`].
    pub groups: GroupCounts,
    /// The same for each single state, where the server can tell.
    pub states: Vec<(StateType, usize)>,
    /// The runs over time; `None` where they were not asked for or the server cannot tell.
    pub bars: Option<Vec<Bar>>,
    /// When the first and the last of the runs begin, where the bars were not asked for and there are runs.
    pub bounds: Option<(Timestamp, Timestamp)>,
}

/// Counts the runs that `filter` lets through, and by state those that `any_state`, the filter without its states, does.
/// `stretches` are those that the bars stand for; each row of equal ones is a question of its own. A plain Prefect 1
/// server tells nothing of time.
pub async fn count(
    filter: Value,
    any_state: Value,
    stretches: Option<Vec<EqualStretches>>,
) -> Result<Counted, ApiError> {
    if !extensions().await?.run_counts {
        return count_plain(filter, any_state).await;
    }
    let mut bars = Vec::new();
    let (last, before) = match stretches.as_deref().and_then(<[_]>::split_last) {
        Some((last, before)) => (Some(*last), before),
        None => (None, [].as_slice()),
    };
    // There are none unless a clock is put forward or back in that time.
    for stretches in before {
        let up_to = json!({ "scheduled_start_time": { "_lt": wire_text(stretches.to) } });
        let variables = json!({
            "where": { "_and": [filter, up_to] },
            "since": wire_text(stretches.from),
            "seconds": stretches.width.as_secs(),
        });
        let data = ask(include_str!("run_bars.graphql"), &variables).await?;
        bars.extend(Row(&data).list("bars", bar)?);
    }
    let variables = json!({
        "where": filter,
        "any_state": any_state,
        "with_bars": last.is_some(),
        "since": last.map(|stretches| wire_text(stretches.from)),
        "seconds": last.map(|stretches| stretches.width.as_secs()),
    });
    let data = ask(include_str!("run_counts.graphql"), &variables).await?;
    let data = Row(&data);
    let mut groups = GroupCounts::default();
    let mut states = Vec::new();
    for row in data.rows("states") {
        let group = row.state("state").group();
        states.push((row.state("state"), row.count("count")));
        for (count, _) in groups
            .iter_mut()
            .zip(StateGroup::ALL)
            .filter(|(_, one)| *one == group)
        {
            *count += row.count("count");
        }
    }
    let bound = |name| match data
        .some_row("bounds")
        .and_then(|bounds| bounds.some_row("aggregate"))
    {
        Some(row) => row.row(name)?.some_time("scheduled_start_time"),
        None => Ok(None),
    };
    if last.is_some() {
        bars.extend(data.list("bars", bar)?);
    }
    Ok(Counted {
        total: data.aggregate_count("total"),
        groups,
        states,
        bounds: match last {
            None => bound("min")?.zip(bound("max")?),
            Some(_) => None,
        },
        bars: last.map(|_| bars),
    })
}

fn bar(row: Row<'_>) -> Result<Bar, ApiError> {
    Ok(Bar {
        since: row.time("since")?,
        state: row.state("state"),
        count: row.count("count"),
    })
}

async fn count_plain(filter: Value, any_state: Value) -> Result<Counted, ApiError> {
    let mut variables = json!({ "where": filter, "any_state": any_state });
    for (group, name) in StateGroup::ALL.into_iter().zip(GROUPS) {
        variables[name] = group.states().map(StateType::name).collect();
    }
    let data = ask(include_str!("run_counts_plain.graphql"), &variables).await?;
    Ok(Counted {
        total: Row(&data).aggregate_count("total"),
        groups: GROUPS.map(|name| Row(&data).aggregate_count(name)),
        states: Vec::new(),
        bars: None,
        bounds: None,
    })
}
