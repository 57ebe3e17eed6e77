//! `order_by` and `distinct_on` → SQL. The order of keys in an object is the order of sorting.

use serde_json::Value as Json;

use super::catalogue::{Cardinality, Table};
use super::errors::GraphqlError;
use super::filter::{link, source, target};
use super::statement::{Statement, column};

/// The terms after `ORDER BY`, for the rows called `alias`.
pub fn terms(
    statement: &mut Statement,
    table: &'static Table,
    alias: &str,
    order_by: &Json,
) -> Result<Vec<String>, GraphqlError> {
    let mut found = Vec::new();
    let objects = order_by
        .as_array()
        .map_or(std::slice::from_ref(order_by), Vec::as_slice);
    for object in objects {
        add(
            statement,
            table,
            alias,
            object,
            &|expression| expression,
            false,
            &mut found,
        )?;
    }
    Ok(found)
}

/// `reach` turns an expression on the rows `alias` into one on the outermost rows.
fn add(
    statement: &mut Statement,
    table: &'static Table,
    alias: &str,
    object: &Json,
    reach: &dyn Fn(String) -> String,
    may_be_missing: bool,
    found: &mut Vec<String>,
) -> Result<(), GraphqlError> {
    for (key, value) in object.as_object().into_iter().flatten() {
        if value.is_null() {
            continue;
        }
        if let (Some(known), Some(direction)) = (table.column(key), value.as_str()) {
            let nullable = known.nullable || may_be_missing;
            found.push(format!(
                "{} {}",
                reach(column(alias, known.name)),
                direction_sql(direction, nullable)?
            ));
        } else if let Some(relation) = table.relation(key).filter(|r| r.cardinality == Cardinality::One) {
            let target = target(relation)?;
            let inner = statement.alias();
            let from = format!(
                "FROM {} AS {inner} WHERE {}",
                source(target),
                link(relation, &inner, alias).sql()
            );
            let reach_inner = |expression| reach(format!("(SELECT {expression} {from})"));
            let missing = may_be_missing || table.column(relation.local).is_none_or(|column| column.nullable);
            add(statement, target, &inner, value, &reach_inner, missing, found)?;
        } else {
            return Err(GraphqlError::bad_input(format!(
                "\"{}\" cannot be ordered by \"{key}\".",
                table.name
            )));
        }
    }
    Ok(())
}

/// Postgres' defaults are asc nulls last and desc nulls first; SQLite's are the opposite. Where there are no nulls
/// nothing is said, so that an index can give the order.
fn direction_sql(direction: &str, nullable: bool) -> Result<&'static str, GraphqlError> {
    Ok(match (direction, nullable) {
        ("asc" | "asc_nulls_last" | "asc_nulls_first", false) => "ASC",
        ("desc" | "desc_nulls_last" | "desc_nulls_first", false) => "DESC",
        ("asc" | "asc_nulls_last", true) => "ASC NULLS LAST",
        ("asc_nulls_first", true) => "ASC NULLS FIRST",
        ("desc" | "desc_nulls_first", true) => "DESC NULLS FIRST",
        ("desc_nulls_last", true) => "DESC NULLS LAST",
        _ => {
            return Err(GraphqlError::bad_input(format!(
                "\"{direction}\" is not an order; say asc or desc."
            )));
        }
    })
}

/// The columns of `distinct_on`.
pub fn distinct_columns(
    table: &'static Table,
    alias: &str,
    distinct_on: &Json,
) -> Result<Vec<String>, GraphqlError> {
    let names = distinct_on
        .as_array()
        .map_or(std::slice::from_ref(distinct_on), Vec::as_slice);
    let columns = names.iter().filter(|name| !name.is_null()).map(|name| {
        let known = name.as_str().and_then(|name| table.column(name));
        known
            .map(|known| column(alias, known.name))
            .ok_or_else(|| GraphqlError::bad_input(format!("\"{}\" has no column {name}.", table.name)))
    });
    columns.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::graphql::catalogue;

    fn sql(order_by: Json) -> String {
        let table = catalogue::table("flow_run").unwrap();
        terms(&mut Statement::default(), table, "t", &order_by)
            .unwrap()
            .join(", ")
    }

    #[test]
    fn keys_sort_in_the_order_they_are_written() {
        assert_eq!(
            sql(json!([{"version": "desc", "name": "asc"}, {"id": "asc"}])),
            "t.\"version\" DESC, t.\"name\" ASC NULLS LAST, t.\"id\" ASC"
        );
        assert_eq!(
            sql(json!({"start_time": "desc", "end_time": null})),
            "t.\"start_time\" DESC NULLS FIRST"
        );
    }

    #[test]
    fn order_reaches_through_relationships() {
        assert_eq!(
            sql(json!({"flow": {"project": {"name": "desc_nulls_last"}}})),
            "(SELECT (SELECT t2.\"name\" FROM \"project\" AS t2 WHERE t2.\"id\" = t1.\"project_id\") \
             FROM \"flow\" AS t1 WHERE t1.\"id\" = t.\"flow_id\") DESC"
        );
    }
}
