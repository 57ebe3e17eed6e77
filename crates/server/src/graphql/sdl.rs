//! Prints the GraphQL schema: the part that follows from the catalogue, then mutations and custom queries as written.

use std::fmt::Write as _;

use super::catalogue::{Cardinality, Column, ColumnType, FUNCTIONS, TABLES, Table};
use super::grammar::{LIST_OPERATORS, Operator, operators};
use crate::{mutations, queries};

/// The arguments every list of rows takes, for the table of that name.
fn row_arguments(table: &str) -> String {
    format!(
        "distinct_on: [{table}_select_column!], limit: Int, offset: Int, \
         order_by: [{table}_order_by!], where: {table}_bool_exp"
    )
}

/// The whole schema as text. `schema.graphql` in the repository's root is exactly this.
#[must_use]
pub fn schema_sdl() -> String {
    let mut sdl = String::from(
        "# Printed by the server (`cargo xtask schema`), never edited: \
         crates/server/src/graphql/catalogue.rs, mutations.graphql and queries.graphql are its sources.\n\n",
    );
    scalars(&mut sdl);
    comparisons(&mut sdl);
    query_root(&mut sdl);
    for table in TABLES {
        object_type(&mut sdl, table);
        inputs(&mut sdl, table);
        aggregates(&mut sdl, table);
    }
    functions(&mut sdl);
    for part in [custom_queries().1, mutations::SDL] {
        sdl.push('\n');
        sdl.push_str(part.trim());
        sdl.push('\n');
    }
    sdl
}

fn scalars(sdl: &mut String) {
    for (name, what) in [
        (
            "_uuid",
            "Several uuids: the text of a Postgres array (`{a,b}`) or a list.",
        ),
        ("interval", "A time span as text: `00:00:10`, `1 day 02:00:00`."),
        ("jsonb", "Any JSON value."),
        (
            "timestamptz",
            "A moment in ISO 8601; without an offset it is UTC.",
        ),
        ("uuid", "A uuid as text."),
    ] {
        let _ = writeln!(sdl, "\"\"\"{what}\"\"\"\nscalar {name}\n");
    }
    sdl.push_str(
        "\"\"\"Ascending puts nulls last and descending puts them first, unless said otherwise.\"\"\"\n",
    );
    sdl.push_str(
        "enum order_by {\n  asc\n  asc_nulls_first\n  asc_nulls_last\n  desc\n  desc_nulls_first\n  desc_nulls_last\n}\n",
    );
}

fn comparisons(sdl: &mut String) {
    for ty in ColumnType::ALL {
        let scalar = ty.scalar();
        let _ = writeln!(
            sdl,
            "\n\"\"\"Conditions on a {scalar}. A condition whose value is null is no condition.\"\"\"\n\
             input {scalar}_comparison_exp {{"
        );
        for operator in operators(ty) {
            let argument = match operator {
                Operator::IsNull => "Boolean".to_owned(),
                Operator::HasKey => "String".to_owned(),
                Operator::HasKeysAll | Operator::HasKeysAny => "[String!]".to_owned(),
                operator if LIST_OPERATORS.contains(operator) => format!("[{scalar}!]"),
                _ => scalar.to_owned(),
            };
            let _ = writeln!(sdl, "  {}: {argument}", operator.name());
        }
        sdl.push_str("}\n");
    }
}

fn query_root(sdl: &mut String) {
    sdl.push_str("\ntype Query {\n");
    for table in TABLES {
        let (name, arguments) = (table.name, row_arguments(table.name));
        let _ = writeln!(sdl, "  {name}({arguments}): [{name}!]!");
        let _ = writeln!(sdl, "  {name}_aggregate({arguments}): {name}_aggregate!");
        if table.has_key {
            let _ = writeln!(sdl, "  {name}_by_pk(id: uuid!): {name}");
        }
    }
    for function in FUNCTIONS {
        let (name, table, arguments) = (function.name, function.table, row_arguments(function.table));
        let _ = writeln!(sdl, "  {name}(args: {name}_args!, {arguments}): [{table}!]!");
        let _ = writeln!(
            sdl,
            "  {name}_aggregate(args: {name}_args!, {arguments}): {table}_aggregate!"
        );
    }
    sdl.push_str(custom_queries().0);
    sdl.push_str("}\n");
}

/// The fields of `extend type Query` in the custom queries, and what follows it. They are spliced into the one
/// `type Query`, because readers of schemas (graphql_client among them) do not all understand extensions.
fn custom_queries() -> (&'static str, &'static str) {
    const OPENING: &str = "extend type Query {\n";
    let after = queries::SDL
        .find(OPENING)
        .map(|at| &queries::SDL[at + OPENING.len()..]);
    after
        .and_then(|text| text.split_once("}\n"))
        .unwrap_or(("", queries::SDL))
}

fn object_type(sdl: &mut String, table: &Table) {
    let _ = writeln!(sdl, "\ntype {} {{", table.name);
    for column in table.columns {
        let bang = if column.nullable { "" } else { "!" };
        let _ = writeln!(sdl, "  {}: {}{bang}", column.name, column.ty.scalar());
    }
    for relation in table.relations {
        let (name, target) = (relation.name, relation.table);
        match relation.cardinality {
            Cardinality::One => {
                let nullable = table.column(relation.local).is_some_and(|column| column.nullable);
                let _ = writeln!(sdl, "  {name}: {target}{}", if nullable { "" } else { "!" });
            }
            Cardinality::Many => {
                let arguments = row_arguments(target);
                let _ = writeln!(sdl, "  {name}({arguments}): [{target}!]!");
                let _ = writeln!(sdl, "  {name}_aggregate({arguments}): {target}_aggregate!");
            }
        }
    }
    sdl.push_str("}\n");
}

fn inputs(sdl: &mut String, table: &Table) {
    let name = table.name;
    let _ = writeln!(sdl, "\ninput {name}_bool_exp {{");
    let _ = writeln!(
        sdl,
        "  _and: [{name}_bool_exp!]\n  _not: {name}_bool_exp\n  _or: [{name}_bool_exp!]"
    );
    for column in table.columns {
        let _ = writeln!(sdl, "  {}: {}_comparison_exp", column.name, column.ty.scalar());
    }
    for relation in table.relations {
        let _ = writeln!(sdl, "  {}: {}_bool_exp", relation.name, relation.table);
    }
    let _ = writeln!(sdl, "}}\n\ninput {name}_order_by {{");
    for column in table.columns {
        let _ = writeln!(sdl, "  {}: order_by", column.name);
    }
    for relation in table
        .relations
        .iter()
        .filter(|relation| relation.cardinality == Cardinality::One)
    {
        let _ = writeln!(sdl, "  {}: {}_order_by", relation.name, relation.table);
    }
    let _ = writeln!(sdl, "}}\n\nenum {name}_select_column {{");
    for column in table.columns {
        let _ = writeln!(sdl, "  {}", column.name);
    }
    sdl.push_str("}\n");
}

fn aggregates(sdl: &mut String, table: &Table) {
    let name = table.name;
    let numbers = columns(table, |ty| ty == ColumnType::Integer);
    let ordered = columns(table, |ty| {
        matches!(
            ty,
            ColumnType::Integer | ColumnType::Text | ColumnType::Timestamp | ColumnType::Uuid
        )
    });
    let _ = writeln!(
        sdl,
        "\ntype {name}_aggregate {{\n  aggregate: {name}_aggregate_fields\n  nodes: [{name}!]!\n}}\n\n\
         type {name}_aggregate_fields {{\n  \
         count(columns: [{name}_select_column!], distinct: Boolean): Int!"
    );
    let parts = [
        ("avg", &numbers),
        ("max", &ordered),
        ("min", &ordered),
        ("sum", &numbers),
    ];
    for (part, _) in parts.iter().filter(|(_, columns)| !columns.is_empty()) {
        let _ = writeln!(sdl, "  {part}: {name}_{part}_fields");
    }
    sdl.push_str("}\n");
    for (part, columns) in parts.iter().filter(|(_, columns)| !columns.is_empty()) {
        let _ = writeln!(sdl, "\ntype {name}_{part}_fields {{");
        for column in *columns {
            let scalar = if *part == "avg" {
                "Float"
            } else {
                column.ty.scalar()
            };
            let _ = writeln!(sdl, "  {}: {scalar}", column.name);
        }
        sdl.push_str("}\n");
    }
}

fn columns(table: &Table, accepts: impl Fn(ColumnType) -> bool) -> Vec<&'static Column> {
    table.columns.iter().filter(|column| accepts(column.ty)).collect()
}

fn functions(sdl: &mut String) {
    for function in FUNCTIONS {
        let _ = writeln!(
            sdl,
            "\ninput {}_args {{\n  start_task_ids: _uuid\n  depth_limit: Int\n}}",
            function.name
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checked_in_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql");
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            checked_in == schema_sdl(),
            "schema.graphql is stale: run `cargo xtask schema > schema.graphql`"
        );
    }

    #[test]
    fn the_schema_is_valid() {
        let parsed = apollo_compiler::Schema::parse_and_validate(schema_sdl(), "schema.graphql");
        if let Err(errors) = parsed {
            panic!("{}", errors.errors);
        }
    }
}
