//! `where` → SQL conditions, by the null rules of section 2.4 of the contract.
//!
//! A comparison with null is no condition and counts as true, also inside `_or` and `_not`; so do `{}`, `_and: []` and a
//! key without a value. `_or: []` is false. A null *column* fits nothing but `_is_null: true`, as everywhere in SQL.

use serde_json::{Map, Value as Json};

use super::catalogue::{self, Cardinality, Column, ColumnType, Relation, Table};
use super::errors::GraphqlError;
use super::grammar::Operator;
use super::statement::{Statement, column};
use super::values;

/// A condition, with the trivial ones known as such.
#[derive(Debug, PartialEq, Eq)]
pub enum Condition {
    /// No condition.
    True,
    /// Fits nothing.
    False,
    /// SQL text.
    Sql(String),
}

impl Condition {
    /// The text to put after `WHERE`.
    pub fn sql(self) -> String {
        match self {
            Condition::True => "TRUE".into(),
            Condition::False => "FALSE".into(),
            Condition::Sql(text) => text,
        }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Condition) -> Condition {
        all(vec![self, other])
    }

    fn negated(self) -> Condition {
        match self {
            Condition::True => Condition::False,
            Condition::False => Condition::True,
            Condition::Sql(text) => Condition::Sql(format!("NOT ({text})")),
        }
    }
}

fn all(conditions: Vec<Condition>) -> Condition {
    let mut texts = Vec::new();
    for condition in conditions {
        match condition {
            Condition::True => {}
            Condition::False => return Condition::False,
            Condition::Sql(text) => texts.push(text),
        }
    }
    joined(&texts, " AND ").map_or(Condition::True, Condition::Sql)
}

fn any(conditions: Vec<Condition>) -> Condition {
    let mut texts = Vec::new();
    for condition in conditions {
        match condition {
            Condition::False => {}
            Condition::True => return Condition::True,
            Condition::Sql(text) => texts.push(text),
        }
    }
    joined(&texts, " OR ").map_or(Condition::False, Condition::Sql)
}

/// Joins in halves: SQLite refuses an expression deeper than 1,000, which a long chain would be.
fn joined(texts: &[String], between: &str) -> Option<String> {
    match texts {
        [] => None,
        [one] => Some(one.clone()),
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            Some(format!(
                "({}{between}{})",
                joined(left, between)?,
                joined(right, between)?
            ))
        }
    }
}

/// The condition a `<table>_bool_exp` stands for, on the rows called `alias`.
pub fn condition(
    statement: &mut Statement,
    table: &'static Table,
    alias: &str,
    filter: &Json,
) -> Result<Condition, GraphqlError> {
    let Json::Object(keys) = filter else {
        return Ok(Condition::True);
    };
    let conditions = keys
        .iter()
        .map(|(key, value)| on_key(statement, table, alias, key, value));
    Ok(all(conditions.collect::<Result<_, _>>()?))
}

fn on_key(
    statement: &mut Statement,
    table: &'static Table,
    alias: &str,
    key: &str,
    value: &Json,
) -> Result<Condition, GraphqlError> {
    if value.is_null() {
        return Ok(Condition::True);
    }
    match key {
        "_and" | "_or" => {
            let items = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            let conditions = items.iter().map(|item| condition(statement, table, alias, item));
            let conditions = conditions.collect::<Result<_, _>>()?;
            Ok(if key == "_and" {
                all(conditions)
            } else {
                any(conditions)
            })
        }
        "_not" => Ok(condition(statement, table, alias, value)?.negated()),
        _ => match (table.column(key), table.relation(key), value) {
            (Some(found), _, Json::Object(comparisons)) => on_column(statement, alias, found, comparisons),
            (_, Some(relation), value) => on_relation(statement, table, alias, relation, value),
            _ => Err(GraphqlError::bad_input(format!(
                "\"{key}\" is not a condition on \"{}\".",
                table.name
            ))),
        },
    }
}

/// Tables that are small beside those of runs: which of their rows fit is found once, and not for each run anew.
const FEW: [&str; 5] = ["agent", "flow", "flow_group", "project", "tenant"];

fn on_relation(
    statement: &mut Statement,
    table: &'static Table,
    alias: &str,
    relation: &'static Relation,
    filter: &Json,
) -> Result<Condition, GraphqlError> {
    let target = target(relation)?;
    let inner = statement.alias();
    let inside = statement.reach(|statement| condition(statement, target, &inner, filter))?;
    let always_there = relation.cardinality == Cardinality::One
        && table
            .column(relation.local)
            .is_some_and(|column| !column.nullable);
    if inside == Condition::True && always_there {
        return Ok(Condition::True);
    }
    if relation.cardinality == Cardinality::One && FEW.contains(&target.name) && inside != Condition::False {
        // `IS TRUE` makes a missing row no match, and keeps the database from walking the rows flow by flow, which
        // would give up the order asked for.
        return Ok(Condition::Sql(format!(
            "({} IN (SELECT {} FROM {} AS {inner} WHERE {})) IS TRUE",
            column(alias, relation.local),
            column(&inner, relation.remote),
            source(target),
            inside.sql()
        )));
    }
    if relation.remote == "flow_run_id" && is_rare(target, filter) {
        return Ok(Condition::Sql(format!(
            "{} IN (SELECT {} FROM {} AS {inner} WHERE {})",
            column(alias, relation.local),
            column(&inner, relation.remote),
            source(target),
            inside.sql()
        )));
    }
    let link = link(relation, &inner, alias);
    Ok(match link.and(inside) {
        Condition::False => Condition::False,
        both => Condition::Sql(format!(
            "EXISTS (SELECT 1 FROM {} AS {inner} WHERE {})",
            source(target),
            both.sql()
        )),
    })
}

/// States that few task runs are in: it is cheaper to find those task runs and from them the flow runs than to look
/// into each flow run for one that may not be there.
const RARE: [&str; 7] = [
    "ClientFailed",
    "Failed",
    "TimedOut",
    "TriggerFailed",
    "ValidationFailed",
    "Cancelled",
    "Retrying",
];

/// Whether only task runs in rare states fit.
fn is_rare(table: &Table, filter: &Json) -> bool {
    let state = &filter["state"];
    let states = match (&state["_eq"], &state["_in"]) {
        (Json::Null, Json::Array(states)) => states.as_slice(),
        (state, _) => std::slice::from_ref(state),
    };
    table.name == "task_run"
        && states
            .iter()
            .all(|state| state.as_str().is_some_and(|s| RARE.contains(&s)))
}

/// How the rows `inner` of a relationship belong to the row `outer`.
pub fn link(relation: &Relation, inner: &str, outer: &str) -> Condition {
    Condition::Sql(format!(
        "{} = {}",
        column(inner, relation.remote),
        column(outer, relation.local)
    ))
}

/// The table a relationship leads to.
pub fn target(relation: &Relation) -> Result<&'static Table, GraphqlError> {
    catalogue::table(relation.table)
        .ok_or_else(|| GraphqlError::bad_input(format!("\"{}\" leads nowhere.", relation.name)))
}

/// What stands after `FROM` for a table; the traversal exists only as the answer of a function.
pub fn source(table: &Table) -> String {
    if table.is_stored {
        return format!("\"{}\"", table.name);
    }
    let columns: Vec<_> = table
        .columns
        .iter()
        .map(|column| format!("NULL AS \"{}\"", column.name))
        .collect();
    format!("(SELECT {} WHERE FALSE)", columns.join(", "))
}

fn on_column(
    statement: &mut Statement,
    alias: &str,
    found: &Column,
    comparisons: &Map<String, Json>,
) -> Result<Condition, GraphqlError> {
    let left = column(alias, found.name);
    let conditions = comparisons.iter().map(|(key, value)| {
        if value.is_null() {
            return Ok(Condition::True);
        }
        let operator = Operator::named(key, found.ty).ok_or_else(|| {
            GraphqlError::bad_input(format!(
                "\"{key}\" is not a comparison of \"{}\".",
                found.ty.scalar()
            ))
        })?;
        compare(statement, &left, found, operator, value)
    });
    Ok(all(conditions.collect::<Result<_, _>>()?))
}

fn compare(
    statement: &mut Statement,
    left: &str,
    found: &Column,
    operator: Operator,
    value: &Json,
) -> Result<Condition, GraphqlError> {
    let symbol = match operator {
        Operator::IsNull => {
            let is = if value == &Json::Bool(true) {
                "IS NULL"
            } else {
                "IS NOT NULL"
            };
            return Ok(Condition::Sql(format!("{left} {is}")));
        }
        Operator::In => return one_of(statement, left, found, value),
        Operator::Nin => return Ok(one_of(statement, left, found, value)?.negated()),
        Operator::Like => return Ok(call(statement, "matches_like", left, pattern(value)?)),
        Operator::Nlike => return Ok(call(statement, "matches_like", left, pattern(value)?).negated()),
        Operator::Ilike => return Ok(call(statement, "matches_ilike", left, pattern(value)?)),
        Operator::Nilike => return Ok(call(statement, "matches_ilike", left, pattern(value)?).negated()),
        Operator::Contains => return Ok(contains(statement, left, value)),
        Operator::ContainedIn => return Ok(call(statement, "jsonb_contained_in", left, value.to_string())),
        Operator::HasKey => {
            return Ok(call(
                statement,
                "jsonb_has_keys_any",
                left,
                Json::from(vec![value.clone()]).to_string(),
            ));
        }
        Operator::HasKeysAny => return Ok(call(statement, "jsonb_has_keys_any", left, value.to_string())),
        Operator::HasKeysAll => return Ok(call(statement, "jsonb_has_keys_all", left, value.to_string())),
        Operator::Eq | Operator::Neq if found.ty == ColumnType::Json => {
            let equal = call(statement, "jsonb_equals", left, value.to_string());
            return Ok(if operator == Operator::Eq {
                equal
            } else {
                equal.negated()
            });
        }
        Operator::Eq => "=",
        Operator::Neq => "<>",
        Operator::Gt => ">",
        Operator::Gte => ">=",
        Operator::Lt => "<",
        Operator::Lte => "<=",
    };
    let right = statement.bind(values::parameter(found.ty, value)?);
    Ok(Condition::Sql(format!("{left} {symbol} {right}")))
}

/// The list is one parameter, so that the text of the statement does not depend on its length.
fn one_of(
    statement: &mut Statement,
    left: &str,
    found: &Column,
    value: &Json,
) -> Result<Condition, GraphqlError> {
    let items = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    if items.is_empty() {
        return Ok(Condition::False);
    }
    if found.ty == ColumnType::Json {
        let equal = items
            .iter()
            .map(|item| call(statement, "jsonb_equals", left, item.to_string()))
            .collect();
        return Ok(any(equal));
    }
    let items = items
        .iter()
        .map(|item| values::stored(found.ty, item))
        .collect::<Result<Vec<_>, _>>()?;
    let list = statement.bind(Json::from(items).to_string());
    Ok(Condition::Sql(format!(
        "{left} IN (SELECT value FROM json_each({list}))"
    )))
}

fn call(statement: &mut Statement, function: &str, left: &str, argument: String) -> Condition {
    let argument = statement.bind(argument);
    Condition::Sql(format!("{function}({left}, {argument})"))
}

/// `@>`. Most documents lack what is looked for, and that SQLite sees in their text, several times as quickly as a
/// function of ours could read them.
fn contains(statement: &mut Statement, left: &str, part: &Json) -> Condition {
    let holds = call(statement, "jsonb_contains", left, part.to_string());
    match text_within(part) {
        Some(text) => {
            let text = statement.bind(text);
            Condition::Sql(format!("instr({left}, {text}) > 0")).and(holds)
        }
        None => holds,
    }
}

/// What stands in the text of every document that contains `part`; documents are stored as `serde_json` prints them.
fn text_within(part: &Json) -> Option<String> {
    match part {
        Json::Object(members) => {
            let (key, value) = members.iter().next()?;
            let value = match value {
                // Members may stand in another order, and be more.
                Json::Object(_) | Json::Array(_) => String::new(),
                scalar => scalar.to_string(),
            };
            Some(format!("{}:{value}", Json::from(key.as_str())))
        }
        Json::Array(items) => items.iter().find_map(text_within),
        scalar => Some(scalar.to_string()),
    }
}

fn pattern(value: &Json) -> Result<String, GraphqlError> {
    match value {
        Json::String(text) => Ok(text.clone()),
        other => Err(GraphqlError::bad_input(format!(
            "A pattern must be a string, and {other} is not."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sql(filter: Json) -> String {
        let table = catalogue::table("flow_run").unwrap();
        condition(&mut Statement::default(), table, "t", &filter)
            .unwrap()
            .sql()
    }

    #[test]
    fn null_is_no_condition() {
        for filter in [
            json!({}),
            json!({"name": {}}),
            json!({"name": null}),
            json!({"name": {"_eq": null}}),
            json!({"_and": []}),
            json!({"_and": null}),
            json!({"_or": [{"name": {"_ilike": null}}, {"state": {"_eq": "Failed"}}]}),
            json!({"flow": {"project_id": {"_eq": null}}}),
        ] {
            assert_eq!(sql(filter.clone()), "TRUE", "{filter}");
        }
    }

    #[test]
    fn a_document_that_contains_another_holds_its_text() {
        for (whole, part, text) in [
            (json!(["a", "b \"c\""]), json!(["b \"c\""]), Some(r#""b \"c\"""#)),
            (json!(["a"]), json!("a"), Some(r#""a""#)),
            (
                json!({"b": 1, "a": {"x": 1, "y": 2}}),
                json!({"a": {"y": 2}}),
                Some(r#""a":"#),
            ),
            (
                json!({"day": "2026-01-01", "n": 7}),
                json!({"n": 7}),
                Some(r#""n":7"#),
            ),
            (json!({"on": true}), json!({"on": true}), Some(r#""on":true"#)),
            (json!([[], [1]]), json!([[], [1]]), Some("1")),
            (json!([1]), json!([]), None),
            (json!({"a": 1}), json!({}), None),
        ] {
            let found = text_within(&part);
            assert_eq!(found.as_deref(), text, "{part}");
            assert!(
                whole.to_string().contains(text.unwrap_or_default()),
                "{whole} @> {part}"
            );
        }
    }

    #[test]
    fn some_conditions_fit_nothing() {
        for filter in [
            json!({"_or": []}),
            json!({"_not": {}}),
            json!({"state": {"_in": []}}),
        ] {
            assert_eq!(sql(filter.clone()), "FALSE", "{filter}");
        }
        assert_eq!(sql(json!({"state": {"_nin": []}})), "TRUE");
    }

    #[test]
    fn conditions_become_sql() {
        for (filter, expected) in [
            (json!({"state": {"_eq": "Failed"}}), "t.\"state\" = ?1"),
            (
                json!({"state": {"_neq": "Failed"}, "version": {"_gt": 1, "_lte": 3}}),
                "(t.\"state\" <> ?1 AND (t.\"version\" > ?2 AND t.\"version\" <= ?3))",
            ),
            (
                json!({"_or": [{"state": {"_is_null": true}}, {"name": {"_nilike": "%x%"}}]}),
                "(t.\"state\" IS NULL OR NOT (matches_ilike(t.\"name\", ?1)))",
            ),
            (
                json!({"_or": {"auto_scheduled": {"_eq": true}}}),
                "t.\"auto_scheduled\" = ?1",
            ),
            (
                json!({"state": {"_in": ["Failed", "Running"]}}),
                "t.\"state\" IN (SELECT value FROM json_each(?1))",
            ),
            (
                json!({"task_runs": {"state": {"_eq": "Success"}}}),
                "EXISTS (SELECT 1 FROM \"task_run\" AS t1 WHERE (t1.\"flow_run_id\" = t.\"id\" AND t1.\"state\" = ?1))",
            ),
            (
                json!({"task_runs": {"state": {"_in": ["Failed", "TimedOut"]}}}),
                "t.\"id\" IN (SELECT t1.\"flow_run_id\" FROM \"task_run\" AS t1 \
                 WHERE t1.\"state\" IN (SELECT value FROM json_each(?1)))",
            ),
            (
                json!({"agent": {}}),
                "(t.\"agent_id\" IN (SELECT t1.\"id\" FROM \"agent\" AS t1 WHERE TRUE)) IS TRUE",
            ),
        ] {
            assert_eq!(sql(filter.clone()), expected, "{filter}");
        }
    }
}
