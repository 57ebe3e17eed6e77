//! Logs: what the dashboard asks the server about them. One document for all of it; what differs is the filter.

use flowdeck_vocabulary::LogId;
use serde_json::{Value, json};

use super::row::Row;
use super::{ApiError, ask};
use crate::model::{LogKey, LogLevel, LogLine, LogOf, Timestamp, wire_text};

/// Which lines, counted from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The first ones.
    First,
    /// The last ones.
    Last,
    /// Those right before this.
    Before(LogKey),
    /// This one and those right before it.
    UpTo(LogKey),
    /// Those right after this.
    After(LogKey),
    /// Those that arrived at this time or later, first come first.
    Arrived(Timestamp),
    /// Those that arrived after this line, which did so at this time.
    ArrivedAfter(Timestamp, LogId),
    /// The line of this id alone.
    Line(LogId),
}

impl Page {
    /// The conditions, and whether the answer begins with the last line.
    fn conditions(self) -> (Vec<Value>, bool) {
        let at = |key: LogKey| wire_text(key.at);
        // The first condition is one that an index knows; the second takes care of lines of the same moment.
        let keyed = |reach: &str, beyond: &str, id: &str, column: &str, time: String, line: LogId| {
            vec![
                json!({ column: { reach: time } }),
                json!({ "_or": [{ column: { beyond: time } }, { "id": { id: line.to_string() } }] }),
            ]
        };
        match self {
            Self::First => (Vec::new(), false),
            Self::Last => (Vec::new(), true),
            Self::Before(key) => (keyed("_lte", "_lt", "_lt", "timestamp", at(key), key.id), true),
            Self::UpTo(key) => (keyed("_lte", "_lt", "_lte", "timestamp", at(key), key.id), true),
            Self::After(key) => (keyed("_gte", "_gt", "_gt", "timestamp", at(key), key.id), false),
            Self::Arrived(since) => (vec![json!({ "created": { "_gte": wire_text(since) } })], false),
            Self::ArrivedAfter(time, id) => {
                (keyed("_gte", "_gt", "_gt", "created", wire_text(time), id), false)
            }
            Self::Line(id) => (vec![json!({ "id": { "_eq": id.to_string() } })], false),
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Arrived(_) | Self::ArrivedAfter(..) => "created",
            _ => "timestamp",
        }
    }
}

/// Some lines, and what there is besides.
pub struct Lines {
    /// In the order of the page.
    pub lines: Vec<LogLine>,
    /// Whether there may be more of them in that direction.
    pub is_full: bool,
    /// How many lines the log has; 0 unless asked for.
    pub count: usize,
    /// When the last of all arrived; `None` unless asked for.
    pub arrived: Option<Timestamp>,
}

fn line(row: Row<'_>) -> Result<LogLine, ApiError> {
    Ok(LogLine {
        key: LogKey {
            at: row.time("timestamp")?,
            id: row.id("id")?,
        },
        arrived_at: row.time("created")?,
        level: LogLevel::named(row.some_text("level").as_deref()),
        logger: row.text_or_empty("name"),
        message: row.text_or_empty("message"),
        task_run_id: row.some_id("task_run_id")?,
    })
}

/// At most `limit` lines; with `count`, how many there are in all.
pub async fn page(of: LogOf, page: Page, limit: usize, count: bool) -> Result<Lines, ApiError> {
    let mut all = json!({ "flow_run_id": { "_eq": of.flow_run.to_string() } });
    if let Some(task_run) = of.task_run {
        all["task_run_id"] = json!({ "_eq": task_run.to_string() });
    }
    let (mut conditions, is_backward) = page.conditions();
    conditions.push(all.clone());
    let direction = if is_backward { "desc" } else { "asc" };
    let variables = json!({
        "where": { "_and": conditions },
        "order": [{ page.column(): direction }, { "id": direction }],
        "limit": limit,
        "all": all,
        "count": count,
    });
    // One document for all pages, which `tests/e2e/logs.rs` sends in every form.
    let data = ask(include_str!("log.graphql"), &variables).await?;
    let answer = Row(&data);
    let lines: Vec<LogLine> = answer.list("log", line)?;
    let found = if count {
        answer
            .some_row("log_aggregate")
            .and_then(|found| found.some_row("aggregate"))
    } else {
        None
    };
    let last = found.and_then(|found| found.some_row("max"));
    Ok(Lines {
        is_full: lines.len() >= limit,
        lines,
        count: found.map_or(0, |found| found.count("count")),
        arrived: last.map(|last| last.some_time("created")).transpose()?.flatten(),
    })
}
