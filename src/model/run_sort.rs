//! How the run history is sorted, and where a page of it goes on.

use std::fmt;

use serde_json::{Value, json};

use super::{RunRow, wire_text};

/// What flow runs can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RunSortColumn {
    /// When it started, or is to start.
    #[default]
    Start,
    /// When it ended.
    End,
    /// How long it took, where the server can tell.
    Duration,
    /// Its state, by name.
    State,
    /// Its name.
    Name,
}

impl RunSortColumn {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Start, Self::End, Self::Duration, Self::State, Self::Name];

    /// The name in the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Duration => "duration",
            Self::State => "state",
            Self::Name => "name",
        }
    }

    /// The column of the API.
    fn column(self) -> &'static str {
        match self {
            Self::Start => "scheduled_start_time",
            Self::End => "end_time",
            Self::Duration => "duration_seconds",
            Self::State => "state",
            Self::Name => "name",
        }
    }

    /// What a run has there; `None` comes last in either direction.
    fn value(self, row: &RunRow) -> Option<Value> {
        let run = &row.run;
        match self {
            Self::Start => Some(wire_text(run.scheduled_at).into()),
            Self::End => run.ended_at.map(|at| wire_text(at).into()),
            // As the server does it: each time without its fraction.
            Self::Duration => Some((run.ended_at?.whole_seconds() - run.started_at?.whole_seconds()).into()),
            Self::State => Some(run.state.name().into()),
            Self::Name => Some(run.name.clone().into()),
        }
    }
}

/// A column and a direction; runs that are equal there follow their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunSort {
    /// What they are sorted by.
    pub column: RunSortColumn,
    /// The largest or latest first.
    pub descending: bool,
}

impl Default for RunSort {
    /// The latest first.
    fn default() -> Self {
        Self {
            column: RunSortColumn::Start,
            descending: true,
        }
    }
}

impl fmt::Display for RunSort {
    /// As the URL has it: `-start`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.descending { "-" } else { "" })?;
        f.write_str(self.column.name())
    }
}

impl RunSort {
    /// From the URL; `None` when it names no column.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('-');
        let column = RunSortColumn::ALL
            .into_iter()
            .find(|column| column.name() == name.unwrap_or(text))?;
        Some(Self {
            column,
            descending: name.is_some(),
        })
    }

    /// The order after a click on a column's head: times begin with the latest, words with the first; a second click
    /// turns it round.
    #[must_use]
    pub fn clicked(self, column: RunSortColumn) -> Self {
        let descending = if self.column == column {
            !self.descending
        } else {
            matches!(
                column,
                RunSortColumn::Start | RunSortColumn::End | RunSortColumn::Duration
            )
        };
        Self { column, descending }
    }

    /// `order_by` of the API.
    #[must_use]
    pub fn order_by(self) -> Value {
        let (column, id) = if self.descending {
            ("desc_nulls_last", "desc")
        } else {
            ("asc_nulls_last", "asc")
        };
        let mut first = serde_json::Map::new();
        first.insert(self.column.column().to_owned(), column.into());
        json!([first, { "id": id }])
    }

    /// `where` of the API: all that comes after this run in the order.
    #[must_use]
    pub fn after(self, row: &RunRow) -> Value {
        let (beyond, up_to) = if self.descending {
            ("_lt", "_lte")
        } else {
            ("_gt", "_gte")
        };
        let of = |name: &str, test: &str, value: Value| {
            let mut inner = serde_json::Map::new();
            inner.insert(test.to_owned(), value);
            let mut outer = serde_json::Map::new();
            outer.insert(name.to_owned(), Value::Object(inner));
            Value::Object(outer)
        };
        let column = self.column.column();
        let missing = of(column, "_is_null", true.into());
        let later_id = of("id", beyond, row.run.id.to_string().into());
        let Some(value) = self.column.value(row) else {
            return json!({ "_and": [missing, later_id] });
        };
        // The bound first: an index can begin there.
        let rest = json!({ "_and": [
            of(column, up_to, value.clone()),
            { "_or": [of(column, beyond, value), later_id] },
        ] });
        match self.column {
            RunSortColumn::End | RunSortColumn::Duration => json!({ "_or": [rest, missing] }),
            _ => rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use crate::model::run_list::tests::row;

    #[test]
    fn every_order_reads_back_as_it_was_written() {
        for column in RunSortColumn::ALL {
            for descending in [true, false] {
                let sort = RunSort { column, descending };
                assert_eq!(RunSort::parse(&sort.to_string()), Some(sort));
            }
        }
        assert_eq!(RunSort::parse("-weight"), None);
        assert_eq!(RunSort::parse(""), None);
    }

    #[test]
    fn a_second_click_turns_the_order_round() {
        let by_name = RunSort::default().clicked(RunSortColumn::Name);
        assert_eq!(by_name.to_string(), "name");
        assert_eq!(by_name.clicked(RunSortColumn::Name).to_string(), "-name");
        assert_eq!(by_name.clicked(RunSortColumn::End).to_string(), "-end");
    }

    #[test]
    fn a_page_goes_on_after_the_last_run_and_its_id() {
        let run = row(1, "2026-11-23T14:00:00Z");
        let after = RunSort::default().after(&run);
        let time = "2026-11-23T14:00:00.000000+00:00";
        let id = run.run.id.to_string();
        assert_eq!(
            after,
            json!({ "_and": [
                { "scheduled_start_time": { "_lte": time } },
                { "_or": [{ "scheduled_start_time": { "_lt": time } }, { "id": { "_lt": id } }] },
            ] })
        );
    }

    #[test]
    fn a_duration_is_counted_as_the_server_does() {
        let mut run = row(1, "2026-11-23T14:00:00Z");
        run.run.started_at = Timestamp::parse("2026-11-23T14:00:00.9Z");
        run.run.ended_at = Timestamp::parse("2026-11-23T14:00:03.1Z");
        let longest = RunSort::parse("-duration").unwrap().after(&run);
        assert_eq!(
            longest["_or"][0]["_and"][0],
            json!({ "duration_seconds": { "_lte": 3 } })
        );
    }

    #[test]
    fn what_has_no_value_comes_last() {
        let mut run = row(1, "2026-11-23T14:00:00Z");
        let by_end = RunSort::parse("end").unwrap();
        assert_eq!(
            by_end.after(&run),
            json!({ "_and": [
                { "end_time": { "_is_null": true } },
                { "id": { "_gt": run.run.id.to_string() } },
            ] })
        );
        run.run.ended_at = Some(run.run.scheduled_at);
        let after = by_end.after(&run);
        assert_eq!(after["_or"][1], json!({ "end_time": { "_is_null": true } }));
        assert_eq!(
            after["_or"][0]["_and"][0],
            json!({ "end_time": { "_gte": "2026-11-23T14:00:00.000000+00:00" } })
        );
    }
}
