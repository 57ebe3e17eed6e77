//! A root field → one SQL statement, a row for each object of the answer.
//!
//! Nested selections become correlated subqueries that print JSON themselves, and that text goes out as it comes.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::executable::{Field, SelectionSet};
use serde_json::Value as Json;

use super::arguments::arguments;
use super::catalogue::{self, Cardinality, ColumnType, Relation, Table};
use super::errors::GraphqlError;
use super::filter::{Condition, link, source, target};
use super::flow_run_count;
use super::read::{Answers, Read};
use super::rows::{Arguments, Rows};
use super::selection::{Collector, Selected, Variables};
use super::shape::Shape;
use super::statement::{Statement, column};
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

/// Objects of one shape: what is printed around their values, the values, and the rows they come from.
pub(super) struct Objects {
    /// See [`Shape`].
    pub shape: String,
    /// SQL expressions on the rows.
    pub values: Vec<String>,
    /// What stands after `FROM`.
    pub from: String,
    /// One object or a list.
    pub answers: Answers,
}

impl Objects {
    /// The statement of a root field: a row for each object.
    fn read(self, mut statement: Statement) -> Result<Read, GraphqlError> {
        self.check(MOST_COLUMNS)?;
        let most = match self.answers {
            Answers::One => 1,
            Answers::Many(most) => most.saturating_add(1),
        };
        // The limit also keeps SQLite from merging a subquery that orders and cuts into this one, which would work out
        // nested selections of rows that are cut away.
        let most = statement.bind(most);
        let values = if self.values.is_empty() {
            "1".to_owned()
        } else {
            self.values.join(", ")
        };
        let query = statement.finish(&format!("SELECT {values} FROM {} LIMIT {most}", self.from));
        Ok(Read {
            query,
            shape: self.shape,
            values: self.values.len(),
            answers: self.answers,
        })
    }

    /// The subquery of a nested field: one cell with the JSON.
    fn nested(self, statement: &mut Statement) -> Result<String, GraphqlError> {
        let from = self.from.clone();
        Ok(format!("(SELECT {} FROM {from})", self.printed(statement)?))
    }

    /// The expression that prints the objects of the rows it is used on.
    pub(super) fn printed(self, statement: &mut Statement) -> Result<String, GraphqlError> {
        self.check(MOST_ARGUMENTS)?;
        let shape = statement.bind(self.shape);
        Ok(match self.answers {
            Answers::One => call("json_row", std::iter::once(shape).chain(self.values)),
            Answers::Many(most) => {
                let most = statement.bind(most);
                call("json_rows", [most, shape].into_iter().chain(self.values))
            }
        })
    }

    fn check(&self, most: usize) -> Result<(), GraphqlError> {
        let count = self.values.len();
        if count <= most {
            return Ok(());
        }
        Err(GraphqlError::bad_input(format!(
            "One object is asked for {count} fields; at most {most} are possible."
        )))
    }
}

/// SQLite's functions take 1,000 arguments, two of which are not values.
const MOST_ARGUMENTS: usize = 998;

/// SQLite answers at most this many columns.
const MOST_COLUMNS: usize = 2000;

impl<'a> Compiler<'a, '_> {
    /// The statement for a root field, or `None` if it is not about tables.
    pub fn root(&mut self, selected: &Selected<'a>) -> Result<Option<Read>, GraphqlError> {
        let field = selected.field;
        let name = field.name.as_str();
        let mut statement = Statement::default();
        let plain = |name: &str| catalogue::table(name);
        let objects = if let Some(table) = plain(name) {
            let rows = self.rows(&mut statement, table, source(table));
            self.list(&mut statement, rows, field, &selected.sets)?
        } else if let Some(table) = name.strip_suffix("_aggregate").and_then(plain) {
            let rows = self.rows(&mut statement, table, source(table));
            self.aggregate(&mut statement, rows, field, &selected.sets)?
        } else if let Some(table) = name.strip_suffix("_by_pk").and_then(plain) {
            self.by_key(&mut statement, table, field, &selected.sets)?
        } else if let Some((function, table)) = function(name) {
            let arguments = arguments(self.schema, field, self.variables)?;
            let source = walk(&mut statement, function, &arguments)?;
            let rows = self.rows(&mut statement, table, source);
            if name == function.name {
                self.list(&mut statement, rows, field, &selected.sets)?
            } else {
                self.aggregate(&mut statement, rows, field, &selected.sets)?
            }
        } else if name == flow_run_count::FIELD {
            self.flow_run_count(&mut statement, field, &selected.sets)?
        } else {
            return Ok(None);
        };
        objects.read(statement).map(Some)
    }

    pub(super) fn rows(&self, statement: &mut Statement, table: &'static Table, source: String) -> Rows {
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
    ) -> Result<Objects, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let id = arguments.get("id").unwrap_or(&Json::Null);
        let id = statement.bind(values::parameter(ColumnType::Uuid, id)?);
        let mut rows = self.rows(statement, table, source(table));
        rows.condition = Condition::Sql(format!("{} = {id}", column(&rows.alias, "id")));
        self.one(statement, rows, sets)
    }

    /// The one object of rows that are no more than one.
    fn one(
        &mut self,
        statement: &mut Statement,
        rows: Rows,
        sets: &[&'a SelectionSet],
    ) -> Result<Objects, GraphqlError> {
        let (shape, values) = self.shape(statement, rows.table, &rows.alias, sets, &mut BTreeSet::new())?;
        let from = format!("{} AS {} WHERE {}", rows.source, rows.alias, rows.condition.sql());
        Ok(Objects {
            shape,
            values,
            from,
            answers: Answers::One,
        })
    }

    fn list(
        &mut self,
        statement: &mut Statement,
        rows: Rows,
        field: &Field,
        sets: &[&'a SelectionSet],
    ) -> Result<Objects, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let mut used = BTreeSet::new();
        let (shape, values) = self.shape(statement, rows.table, &rows.alias, sets, &mut used)?;
        let from = rows.from(statement, &arguments, &used, true)?;
        Ok(Objects {
            shape,
            values,
            from,
            answers: self.many(&arguments),
        })
    }

    /// Whoever names a limit gets what they ask for; without one there is a ceiling.
    pub(super) fn many(&self, arguments: &Arguments) -> Answers {
        let has_limit = arguments.get("limit").is_some_and(|limit| !limit.is_null());
        let most = if has_limit {
            i64::MAX
        } else {
            i64::try_from(self.limits.rows).unwrap_or(i64::MAX)
        };
        Answers::Many(most)
    }

    /// The shape of one object of a row called `alias`, and its values; the columns they need are added to `used`.
    pub(super) fn shape(
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
                let rows = self.related_rows(statement, relation, alias)?;
                let objects = match relation.cardinality {
                    Cardinality::One => self.one(statement, rows, &selected.sets)?,
                    Cardinality::Many => self.list(statement, rows, selected.field, &selected.sets)?,
                };
                shape.value(selected.key, Kind::Nested, objects.nested(statement)?);
            } else if let Some(relation) = name
                .strip_suffix("_aggregate")
                .and_then(|name| table.relation(name))
            {
                used.insert(relation.local);
                let rows = self.related_rows(statement, relation, alias)?;
                let objects = self.aggregate(statement, rows, selected.field, &selected.sets)?;
                shape.value(selected.key, Kind::Nested, objects.nested(statement)?);
            } else {
                shape.constant(selected.key, table.name);
            }
        }
        Ok(shape.finish())
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
