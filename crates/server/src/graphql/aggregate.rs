//! `<table>_aggregate` → SQL: counts and measures of the rows a condition selects, and those rows themselves.

use std::collections::BTreeSet;

use apollo_compiler::executable::{Field, SelectionSet};
use serde_json::Value as Json;

use super::arguments::arguments;
use super::compile::{Compiler, Objects, call, kind};
use super::errors::GraphqlError;
use super::read::Answers;
use super::rows::Rows;
use super::selection::Selected;
use super::shape::Shape;
use super::statement::{Statement, column};
use crate::store::functions::Kind;

impl<'a> Compiler<'a, '_> {
    /// One object whose values are aggregates of all the rows.
    pub(super) fn aggregate(
        &mut self,
        statement: &mut Statement,
        rows: Rows,
        field: &Field,
        sets: &[&'a SelectionSet],
    ) -> Result<Objects, GraphqlError> {
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
                    let (inner, values) =
                        self.shape(statement, rows.table, &rows.alias, &selected.sets, &mut used)?;
                    let answers = self.many(&arguments);
                    let nodes = Objects {
                        shape: inner,
                        values,
                        from: String::new(),
                        answers,
                    };
                    shape.value(selected.key, Kind::Nested, nodes.printed(statement)?);
                }
                _ => {
                    shape.open(selected.key);
                    self.aggregate_fields(&rows, &selected, &mut shape, &mut used)?;
                    shape.close();
                }
            }
        }
        let (shape, values) = shape.finish();
        let from = match values.as_slice() {
            // Nothing of the rows is asked for, so the object is there once, however many they are.
            [] => "(SELECT 1) AS nothing".to_owned(),
            _ => rows.from(statement, &arguments, &used, needs_order)?,
        };
        Ok(Objects {
            shape,
            values,
            from,
            answers: Answers::One,
        })
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
}
