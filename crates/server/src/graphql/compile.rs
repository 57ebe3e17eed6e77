//! A root field → one SQL statement whose only cell is the JSON of the answer.
//!
//! Nested selections become correlated subqueries that print JSON themselves, so the text goes out as it comes.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::executable::{Field, SelectionSet};
use serde_json::Value as Json;

use super::arguments::arguments;
use super::catalogue::{self, Cardinality, ColumnType, Relation, Table};
use super::errors::GraphqlError;
use super::filter::{Condition, link, source, target};
use super::rows::{Arguments, Rows};
use super::selection::{Collector, Selected, Variables};
use super::shape::Shape;
use super::statement::{Query, Statement, column};
use super::traversal::{function, walk};
use super::values;
use crate::config::Limits;
use crate::store::functions::Kind;

/// Compiles root fields of one operation.
pub struct Compiler<'a, 'b> {
    /// The schema the document was validated against.
    pub schema: &'a Schema,
    /// The operation's variables.
    pub variables: &'a Variables,
    /// Unfolds selections.
    pub collector: &'b mut Collector<'a>,
    /// What is allowed.
    pub limits: Limits,
}

impl<'a> Compiler<'a, '_> {
    /// The statement for a root field, or `None` if it is not about tables.
    pub fn root(&mut self, selected: &Selected<'a>) -> Result<Option<Query>, GraphqlError> {
        let field = selected.field;
        let name = field.name.as_str();
        let mut statement = Statement::default();
        let plain = |name: &str| catalogue::table(name);
        let sql = if let Some(table) = plain(name) {
            let rows = self.rows(&mut statement, table, source(table));
            self.list(&mut statement, rows, field, &selected.sets)?
        } else if let Some(table) = name.strip_suffix("_aggregate").and_then(plain) {
            let rows = self.rows(&mut statement, table, source(table));
            self.aggregate(&mut statement, rows, field, &selected.sets)?
        } else if let Some(table) = name.strip_suffix("_by_pk").and_then(plain) {
            self.by_key(&mut statement, table, field, &selected.sets)?
        } else if let Some((function, table)) = function(name) {
            let source = walk(
                &mut statement,
                function,
                &arguments(self.schema, field, self.variables)?,
            )?;
            let rows = self.rows(&mut statement, table, source);
            if name == function.name {
                self.list(&mut statement, rows, field, &selected.sets)?
            } else {
                self.aggregate(&mut statement, rows, field, &selected.sets)?
            }
        } else {
            return Ok(None);
        };
        Ok(Some(statement.finish(&sql)))
    }

    fn rows(&self, statement: &mut Statement, table: &'static Table, source: String) -> Rows {
        Rows {
            table,
            alias: statement.alias(),
            source,
            condition: Condition::True,
        }
    }

    fn by_key(
        &mut self,
        statement: &mut Statement,
        table: &'static Table,
        field: &Field,
        sets: &[&'a SelectionSet],
    ) -> Result<String, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let id = arguments.get("id").unwrap_or(&Json::Null);
        let id = statement.bind(values::parameter(ColumnType::Uuid, id)?);
        let alias = statement.alias();
        let object = self.object(statement, table, &alias, sets, &mut BTreeSet::new())?;
        Ok(format!(
            "SELECT {object} FROM {} AS {alias} WHERE {} = {id}",
            source(table),
            column(&alias, "id")
        ))
    }

    /// `SELECT json_rows(…) FROM …`
    fn list(
        &mut self,
        statement: &mut Statement,
        rows: Rows,
        field: &Field,
        sets: &[&'a SelectionSet],
    ) -> Result<String, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let mut used = BTreeSet::new();
        let list = self.list_of_objects(statement, &rows, &arguments, sets, &mut used)?;
        let from = rows.from(statement, &arguments, &used, true)?;
        Ok(format!("SELECT {list} FROM {from}"))
    }

    pub(super) fn list_of_objects(
        &mut self,
        statement: &mut Statement,
        rows: &Rows,
        arguments: &Arguments,
        sets: &[&'a SelectionSet],
        used: &mut BTreeSet<&'static str>,
    ) -> Result<String, GraphqlError> {
        let (shape, values) = self.shape(statement, rows.table, &rows.alias, sets, used)?;
        // Whoever names a limit gets what they ask for; without one there is a ceiling.
        let has_limit = arguments.get("limit").is_some_and(|limit| !limit.is_null());
        let most = if has_limit {
            i64::MAX
        } else {
            i64::try_from(self.limits.rows).unwrap_or(i64::MAX)
        };
        let most = statement.bind(most);
        let shape = statement.bind(shape);
        Ok(call("json_rows", [most, shape].into_iter().chain(values)))
    }

    /// `json_row(…)` for one row called `alias`; the columns it needs are added to `used`.
    fn object(
        &mut self,
        statement: &mut Statement,
        table: &'static Table,
        alias: &str,
        sets: &[&'a SelectionSet],
        used: &mut BTreeSet<&'static str>,
    ) -> Result<String, GraphqlError> {
        let (shape, values) = self.shape(statement, table, alias, sets, used)?;
        let shape = statement.bind(shape);
        Ok(call("json_row", std::iter::once(shape).chain(values)))
    }

    fn shape(
        &mut self,
        statement: &mut Statement,
        table: &'static Table,
        alias: &str,
        sets: &[&'a SelectionSet],
        used: &mut BTreeSet<&'static str>,
    ) -> Result<(String, Vec<String>), GraphqlError> {
        let mut shape = Shape::new();
        for selected in self.collector.collect(sets)? {
            let name = selected.field.name.as_str();
            if let Some(found) = table.column(name) {
                used.insert(found.name);
                shape.value(selected.key, kind(found.ty), column(alias, found.name));
            } else if let Some(relation) = table.relation(name) {
                used.insert(relation.local);
                let sql = self.related(statement, relation, alias, &selected)?;
                shape.value(selected.key, Kind::Json, sql);
            } else if let Some(relation) = name
                .strip_suffix("_aggregate")
                .and_then(|name| table.relation(name))
            {
                used.insert(relation.local);
                let rows = self.related_rows(statement, relation, alias)?;
                let sql = self.aggregate(statement, rows, selected.field, &selected.sets)?;
                shape.value(selected.key, Kind::Json, format!("({sql})"));
            } else {
                shape.constant(selected.key, table.name);
            }
        }
        let (lines, values) = shape.finish();
        if values.len() > MOST_VALUES {
            return Err(GraphqlError::bad_input(format!(
                "\"{}\" is asked for {} fields in one object; at most {MOST_VALUES} are possible.",
                table.name,
                values.len()
            )));
        }
        Ok((lines, values))
    }

    fn related(
        &mut self,
        statement: &mut Statement,
        relation: &'static Relation,
        outer: &str,
        selected: &Selected<'a>,
    ) -> Result<String, GraphqlError> {
        let rows = self.related_rows(statement, relation, outer)?;
        if relation.cardinality == Cardinality::Many {
            let list = self.list(statement, rows, selected.field, &selected.sets)?;
            return Ok(format!("({list})"));
        }
        let object = self.object(
            statement,
            rows.table,
            &rows.alias,
            &selected.sets,
            &mut BTreeSet::new(),
        )?;
        Ok(format!(
            "(SELECT {object} FROM {} AS {} WHERE {})",
            rows.source,
            rows.alias,
            rows.condition.sql()
        ))
    }

    fn related_rows(
        &self,
        statement: &mut Statement,
        relation: &'static Relation,
        outer: &str,
    ) -> Result<Rows, GraphqlError> {
        let table = target(relation)?;
        let alias = statement.alias();
        let condition = link(relation, &alias, outer);
        Ok(Rows {
            table,
            source: source(table),
            condition,
            alias,
        })
    }
}

/// SQLite's functions take 1,000 arguments, two of which are not values.
const MOST_VALUES: usize = 998;

/// `json_row(…)` with a finished shape.
pub(super) fn object(statement: &mut Statement, shape: Shape) -> String {
    let (shape, values) = shape.finish();
    let shape = statement.bind(shape);
    call("json_row", std::iter::once(shape).chain(values))
}

/// A call of an SQL function.
pub(super) fn call(function: &str, arguments: impl Iterator<Item = String>) -> String {
    format!("{function}({})", arguments.collect::<Vec<_>>().join(", "))
}

/// How a column of this type is printed. Uuids, times and spans are written by us and need no escaping.
pub(super) fn kind(ty: ColumnType) -> Kind {
    match ty {
        ColumnType::Uuid | ColumnType::Timestamp | ColumnType::Interval => Kind::Plain,
        ColumnType::Text => Kind::Text,
        ColumnType::Integer => Kind::Number,
        ColumnType::Boolean => Kind::Boolean,
        ColumnType::Json => Kind::Json,
    }
}
