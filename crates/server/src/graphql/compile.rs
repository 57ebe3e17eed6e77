//! A root field → one SQL statement whose only cell is the JSON of the answer.
//!
//! Nested selections become correlated subqueries that print JSON themselves, so the text goes out as it comes.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::executable::{Field, SelectionSet};
use serde_json::{Map, Value as Json};

use super::arguments::arguments;
use super::catalogue::{self, Cardinality, ColumnType, Direction, FUNCTIONS, Function, Relation, Table};
use super::errors::GraphqlError;
use super::filter::{self, Condition, condition, link, source, target};
use super::order;
use super::selection::{Collector, Selected, Variables};
use super::shape::Shape;
use super::statement::{Query, Statement, column};
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

type Arguments = Map<String, Json>;

/// The rows a selection is about, before its columns are known.
struct Rows {
    table: &'static Table,
    alias: String,
    /// What stands after `FROM`, without the alias.
    source: String,
    condition: Condition,
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
            let source = self.walk(&mut statement, function, field)?;
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
        let from = self.from(statement, rows, &arguments, &used, true)?;
        Ok(format!("SELECT {list} FROM {from}"))
    }

    fn list_of_objects(
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

    /// `SELECT json_row(…) FROM …` with aggregates inside.
    fn aggregate(
        &mut self,
        statement: &mut Statement,
        rows: Rows,
        field: &Field,
        sets: &[&'a SelectionSet],
    ) -> Result<String, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let type_name = field.definition.ty.inner_named_type().as_str();
        let mut used = BTreeSet::new();
        let mut shape = Shape::new();
        let mut needs_order = false;
        for selected in self.collector.collect(sets)? {
            match selected.field.name.as_str() {
                "__typename" => shape.constant(selected.key, type_name),
                "nodes" => {
                    needs_order = true;
                    let nodes =
                        self.list_of_objects(statement, &rows, &arguments, &selected.sets, &mut used)?;
                    shape.value(selected.key, Kind::Json, nodes);
                }
                _ => {
                    shape.open(selected.key);
                    self.aggregate_fields(&rows, &selected, &mut shape, &mut used)?;
                    shape.close();
                }
            }
        }
        let object = object(statement, shape);
        let from = self.from(statement, rows, &arguments, &used, needs_order)?;
        Ok(format!("SELECT {object} FROM {from}"))
    }

    fn aggregate_fields(
        &mut self,
        rows: &Rows,
        aggregate: &Selected<'a>,
        shape: &mut Shape,
        used: &mut BTreeSet<&'static str>,
    ) -> Result<(), GraphqlError> {
        for selected in self.collector.collect(&aggregate.sets)? {
            let function = selected.field.name.as_str();
            let type_name = selected.field.definition.ty.inner_named_type().as_str();
            match function {
                "__typename" => {
                    shape.constant(selected.key, aggregate.field.definition.ty.inner_named_type());
                }
                "count" => shape.value(
                    selected.key,
                    Kind::Number,
                    self.count(rows, selected.field, used)?,
                ),
                _ => {
                    shape.open(selected.key);
                    for inner in self.collector.collect(&selected.sets)? {
                        match rows.table.column(&inner.field.name) {
                            Some(found) => {
                                used.insert(found.name);
                                let sql = format!("{function}({})", column(&rows.alias, found.name));
                                shape.value(inner.key, kind(found.ty), sql);
                            }
                            None => shape.constant(inner.key, type_name),
                        }
                    }
                    shape.close();
                }
            }
        }
        Ok(())
    }

    fn count(
        &self,
        rows: &Rows,
        field: &Field,
        used: &mut BTreeSet<&'static str>,
    ) -> Result<String, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let names = arguments
            .get("columns")
            .and_then(Json::as_array)
            .into_iter()
            .flatten();
        let known: Vec<_> = names
            .filter_map(|name| rows.table.column(name.as_str()?))
            .collect();
        used.extend(known.iter().map(|column| column.name));
        let columns: Vec<_> = known
            .iter()
            .map(|found| column(&rows.alias, found.name))
            .collect();
        let distinct = if arguments.get("distinct") == Some(&Json::Bool(true)) {
            "DISTINCT "
        } else {
            ""
        };
        Ok(match columns.as_slice() {
            [] => "count(*)".to_owned(),
            [one] => format!("count({distinct}{one})"),
            // Several columns count as one row value, as in Postgres.
            many => format!("count({distinct}{})", call("json_array", many.iter().cloned())),
        })
    }

    /// What stands after `FROM`: the table itself, or a subquery that filters, orders and cuts.
    fn from(
        &mut self,
        statement: &mut Statement,
        rows: Rows,
        arguments: &Arguments,
        used: &BTreeSet<&'static str>,
        needs_order: bool,
    ) -> Result<String, GraphqlError> {
        let Rows {
            table,
            alias,
            source,
            condition: linked,
        } = rows;
        let filter = arguments.get("where").unwrap_or(&Json::Null);
        let condition = linked.and(condition(statement, table, &alias, filter)?);
        let mut from = format!("{source} AS {alias}");
        if condition != Condition::True {
            from = format!("{from} WHERE {}", condition.sql());
        }
        let mut order = order::terms(
            statement,
            table,
            &alias,
            arguments.get("order_by").unwrap_or(&Json::Null),
        )?;
        let distinct =
            order::distinct_columns(table, &alias, arguments.get("distinct_on").unwrap_or(&Json::Null))?;
        let cut = self.cut(statement, arguments)?;
        if distinct.is_empty() && cut.is_empty() && (order.is_empty() || !needs_order) {
            return Ok(from);
        }
        if !distinct.is_empty() {
            if order.is_empty() {
                order.clone_from(&distinct);
            }
            let window = format!(
                "PARTITION BY {} ORDER BY {}",
                distinct.join(", "),
                order.join(", ")
            );
            from = format!(
                "(SELECT {alias}.*, ROW_NUMBER() OVER ({window}) AS row_in_group FROM {from}) AS {alias} \
                 WHERE {alias}.row_in_group = 1"
            );
        }
        let columns: Vec<_> = used.iter().map(|name| column(&alias, name)).collect();
        let columns = if columns.is_empty() {
            "1".to_owned()
        } else {
            columns.join(", ")
        };
        let order = if order.is_empty() {
            String::new()
        } else {
            format!(" ORDER BY {}", order.join(", "))
        };
        Ok(format!("(SELECT {columns} FROM {from}{order}{cut}) AS {alias}"))
    }

    fn cut(&self, statement: &mut Statement, arguments: &Arguments) -> Result<String, GraphqlError> {
        let mut number = |name: &str| match arguments.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) if number >= 0 => Ok(Some(statement.bind(number))),
                _ => Err(GraphqlError::bad_input(format!(
                    "\"{name}\" must be 0 or more, and {value} is not."
                ))),
            },
        };
        Ok(match (number("limit")?, number("offset")?) {
            (None, None) => String::new(),
            (Some(limit), None) => format!(" LIMIT {limit}"),
            (Some(limit), Some(offset)) => format!(" LIMIT {limit} OFFSET {offset}"),
            // SQLite has no offset without a limit; -1 is none.
            (None, Some(offset)) => format!(" LIMIT -1 OFFSET {offset}"),
        })
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
            source: filter::source(table),
            condition,
            alias,
        })
    }

    /// The rows of a traversal: breadth first over the edges, each task once with its largest depth.
    fn walk(
        &self,
        statement: &mut Statement,
        function: &Function,
        field: &Field,
    ) -> Result<String, GraphqlError> {
        let arguments = arguments(self.schema, field, self.variables)?;
        let args = arguments
            .get("args")
            .and_then(Json::as_object)
            .cloned()
            .unwrap_or_default();
        let start = args
            .get("start_task_ids")
            .filter(|ids| !ids.is_null())
            .map_or(Ok(Vec::new()), values::uuids)?;
        let limit = args
            .get("depth_limit")
            .and_then(Json::as_i64)
            .unwrap_or(DEEPEST_WALK)
            .min(DEEPEST_WALK);
        let start = statement.bind(Json::from(start).to_string());
        let limit = statement.bind(limit);
        let (from, to) = match function.direction {
            Direction::Downstream => ("upstream_task_id", "downstream_task_id"),
            Direction::Upstream => ("downstream_task_id", "upstream_task_id"),
        };
        Ok(format!(
            "(WITH RECURSIVE walk(task_id, depth) AS (SELECT value, 0 FROM json_each({start}) UNION \
             SELECT edge.\"{to}\", walk.depth + 1 FROM walk JOIN edge ON edge.\"{from}\" = walk.task_id \
             WHERE walk.depth < {limit}) \
             SELECT task.tenant_id, walk.task_id, max(walk.depth) AS depth FROM walk \
             JOIN task ON task.id = walk.task_id GROUP BY walk.task_id, task.tenant_id)"
        ))
    }
}

/// How deep a traversal goes at most (section 2.4).
const DEEPEST_WALK: i64 = 50;

/// SQLite's functions take 1,000 arguments, two of which are not values.
const MOST_VALUES: usize = 998;

fn function(name: &str) -> Option<(&'static Function, &'static Table)> {
    let function = FUNCTIONS.iter().find(|function| {
        name == function.name
            || name
                .strip_suffix("_aggregate")
                .is_some_and(|stem| stem == function.name)
    })?;
    Some((function, catalogue::table(function.table)?))
}

fn object(statement: &mut Statement, shape: Shape) -> String {
    let (shape, values) = shape.finish();
    let shape = statement.bind(shape);
    call("json_row", std::iter::once(shape).chain(values))
}

fn call(function: &str, arguments: impl Iterator<Item = String>) -> String {
    format!("{function}({})", arguments.collect::<Vec<_>>().join(", "))
}

/// How a column of this type is printed. Uuids, times and spans are written by us and need no escaping.
fn kind(ty: ColumnType) -> Kind {
    match ty {
        ColumnType::Uuid | ColumnType::Timestamp | ColumnType::Interval => Kind::Plain,
        ColumnType::Text => Kind::Text,
        ColumnType::Integer => Kind::Number,
        ColumnType::Boolean => Kind::Boolean,
        ColumnType::Json => Kind::Json,
    }
}
