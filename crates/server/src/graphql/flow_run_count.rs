//! `flow_run_count` → SQL: flow runs counted by state and by stretch of time, in one pass over the rows.

use std::collections::BTreeSet;

use apollo_compiler::executable::{Field, SelectionSet};
use serde_json::Value as Json;

use super::arguments::arguments;
use super::catalogue::{self, ColumnType};
use super::compile::{Compiler, Objects};
use super::errors::GraphqlError;
use super::filter::source;
use super::read::Answers;
use super::rows::Arguments;
use super::shape::Shape;
use super::statement::{Statement, column};
use super::values;
use crate::store::functions::Kind;

/// The root field. Not in the contract: who wants to speak to other servers asks the schema for it first.
pub const FIELD: &str = "flow_run_count";

/// More counts than this are no picture but a mistake in the question.
const MOST_COUNTS: usize = 100_000;

impl<'a> Compiler<'a, '_> {
    /// A row for each state and stretch of time that has flow runs.
    pub(super) fn flow_run_count(
        &mut self,
        statement: &mut Statement,
        field: &Field,
        sets: &[&'a SelectionSet],
    ) -> Result<Objects, GraphqlError> {
        let mut arguments = arguments(self.schema, field, self.variables)?;
        let table = catalogue::table("flow_run").ok_or_else(|| GraphqlError::bad_input("no flow runs"))?;
        let rows = self.rows(statement, table, source(table));
        let alias = rows.alias.clone();
        let since = stretch(statement, &arguments, &alias)?;
        if since.is_some() {
            only_from(&mut arguments);
        }
        let stretch = since.unwrap_or_else(|| "NULL".to_owned());
        let from = rows.from(statement, &arguments, &BTreeSet::new(), false)?;
        // Not GROUP BY: it would walk the rows in the order of its groups, whatever the condition, or sort them all.
        let counted = statement.alias();
        let from = format!(
            "json_each((SELECT tally({}, {stretch}) FROM {from})) AS {counted}",
            column(&alias, "state")
        );
        let cell = |index: usize| format!("{counted}.value ->> {index}");
        let mut shape = Shape::new();
        for selected in self.collector.collect(sets)? {
            match selected.field.name.as_str() {
                "state" => shape.value(selected.key, Kind::Plain, cell(0)),
                "since" => shape.value(selected.key, Kind::Plain, format!("time_of_stretch({})", cell(1))),
                "count" => shape.value(selected.key, Kind::Number, cell(2)),
                _ => shape.constant(selected.key, field.definition.ty.inner_named_type()),
            }
        }
        let (shape, values) = shape.finish();
        Ok(Objects {
            shape,
            values,
            from,
            answers: Answers::Many(i64::try_from(MOST_COUNTS).unwrap_or(i64::MAX)),
        })
    }
}

/// When the stretch a row is in begins, in seconds since 1970, or nothing when only states are counted.
fn stretch(
    statement: &mut Statement,
    arguments: &Arguments,
    alias: &str,
) -> Result<Option<String>, GraphqlError> {
    let given = |name: &str| arguments.get(name).filter(|value| !value.is_null());
    let (since, seconds) = match (given("since"), given("seconds")) {
        (None, None) => return Ok(None),
        (Some(since), Some(seconds)) => (since, seconds),
        _ => {
            return Err(GraphqlError::bad_input(
                "\"since\" and \"seconds\" belong together: give both, or neither to count by state alone.",
            ));
        }
    };
    if seconds.as_i64().is_none_or(|seconds| seconds < 1) {
        return Err(GraphqlError::bad_input(format!(
            "\"seconds\" must be 1 or more, and {seconds} is not."
        )));
    }
    let since = statement.bind(values::parameter(ColumnType::Timestamp, since)?);
    let seconds = statement.bind(values::parameter(ColumnType::Integer, seconds)?);
    let time = column(alias, by(arguments));
    Ok(Some(format!("time_stretch({time}, {since}, {seconds})")))
}

fn by(arguments: &Arguments) -> &str {
    arguments
        .get("by")
        .and_then(Json::as_str)
        .unwrap_or("scheduled_start_time")
}

/// Adds to `where` that the time counted by is not before `since`.
fn only_from(arguments: &mut Arguments) {
    let since = arguments.get("since").cloned().unwrap_or_default();
    let mut from = serde_json::Map::new();
    from.insert(by(arguments).to_owned(), serde_json::json!({ "_gte": since }));
    let filter = arguments.get("where").cloned().unwrap_or_default();
    arguments.insert("where".to_owned(), serde_json::json!({ "_and": [filter, from] }));
}
