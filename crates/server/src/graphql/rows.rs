//! The rows of a list or an aggregate: filtered by `where`, made distinct, ordered and cut to a page.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::catalogue::Table;
use super::errors::GraphqlError;
use super::filter::{Condition, condition};
use super::order;
use super::statement::{Statement, column};

/// The arguments of a list, as read.
pub type Arguments = Map<String, Json>;

/// The rows a selection is about, before its columns are known.
pub struct Rows {
    /// Their table.
    pub table: &'static Table,
    /// The name they go by in the statement.
    pub alias: String,
    /// What stands after `FROM`, without the alias.
    pub source: String,
    /// What ties them to the row they hang on.
    pub condition: Condition,
}

impl Rows {
    /// What stands after `FROM`: the table itself, or a subquery that filters, orders and cuts.
    pub fn from(
        self,
        statement: &mut Statement,
        arguments: &Arguments,
        used: &BTreeSet<&'static str>,
        needs_order: bool,
    ) -> Result<String, GraphqlError> {
        let Rows {
            table,
            alias,
            source,
            condition: linked,
        } = self;
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
        let cut = cut(statement, arguments)?;
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
}

/// `limit` and `offset`.
fn cut(statement: &mut Statement, arguments: &Arguments) -> Result<String, GraphqlError> {
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
