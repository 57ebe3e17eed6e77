//! The catalogue: every table, column and relationship the API shows. Schema, validation, introspection and SQL derive from it.
//!
//! Adding a column is one line here and one line in a migration. Names, types and nullability are those of section 2.1 of
//! the contract, relationships those of 2.3; `?` there is `.nullable()` here.

use ColumnType::{Boolean, Integer, Interval, Json, Text, Timestamp, Uuid};

/// What a column holds: decides its GraphQL type, its comparisons and how it is printed as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ColumnType {
    /// A lower-case hyphenated uuid, kept as text.
    Uuid,
    /// Any text.
    Text,
    /// A 32-bit integer.
    Integer,
    /// A boolean, kept as 0 or 1.
    Boolean,
    /// A moment, kept as fixed-width UTC text, so that text order is time order.
    Timestamp,
    /// A JSON document, kept as minified valid text.
    Json,
    /// A time span in Postgres' text form, `HH:MM:SS`.
    Interval,
}

impl ColumnType {
    /// All kinds, in the order the schema prints their comparison inputs.
    pub const ALL: [ColumnType; 7] = [Boolean, Integer, Text, Interval, Json, Timestamp, Uuid];

    /// The GraphQL scalar, under the name Hasura gives it.
    pub fn scalar(self) -> &'static str {
        match self {
            Uuid => "uuid",
            Text => "String",
            Integer => "Int",
            Boolean => "Boolean",
            Timestamp => "timestamptz",
            Json => "jsonb",
            Interval => "interval",
        }
    }
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in SQL and in GraphQL.
    pub name: &'static str,
    /// What it holds.
    pub ty: ColumnType,
    /// Whether it may be null.
    pub nullable: bool,
}

impl Column {
    const fn new(name: &'static str, ty: ColumnType) -> Column {
        Column {
            name,
            ty,
            nullable: false,
        }
    }

    const fn nullable(mut self) -> Column {
        self.nullable = true;
        self
    }
}

/// Whether a relationship leads to one row or to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// An object relationship: null or one object.
    One,
    /// An array relationship: a list, and `<name>_aggregate` beside it.
    Many,
}

/// A way from a row to related rows: those whose `remote` column equals this row's `local` column.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// The GraphQL field.
    pub name: &'static str,
    /// One row or many.
    pub cardinality: Cardinality,
    /// The table it leads to.
    pub table: &'static str,
    /// The column of this table.
    pub local: &'static str,
    /// The column of the other table.
    pub remote: &'static str,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// Its name in SQL, in GraphQL, and as `__typename`.
    pub name: &'static str,
    /// Its columns in the order the schema shows them.
    pub columns: &'static [Column],
    /// Its relationships.
    pub relations: &'static [Relation],
    /// Whether `<name>_by_pk(id)` exists.
    pub has_key: bool,
    /// Whether a database table stands behind it; `utility_traversal` is only a shape.
    pub is_stored: bool,
}

impl Table {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The relationship called `name`.
    pub fn relation(&self, name: &str) -> Option<&'static Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }
}

/// The table called `name`.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// A function that answers rows of a table's shape, from arguments of its own.
#[derive(Debug)]
pub struct Function {
    /// The root field; `<name>_args` is its argument type.
    pub name: &'static str,
    /// The shape of its rows.
    pub table: &'static str,
    /// Which way it walks the edges.
    pub direction: Direction,
}

/// The direction of a walk over the edges of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a task to the tasks that need it.
    Downstream,
    /// From a task to the tasks it needs.
    Upstream,
}

/// The functions beside the tables (section 2.4).
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "utility_downstream_tasks",
        table: "utility_traversal",
        direction: Direction::Downstream,
    },
    Function {
        name: "utility_upstream_tasks",
        table: "utility_traversal",
        direction: Direction::Upstream,
    },
];

const fn uuid(name: &'static str) -> Column {
    Column::new(name, Uuid)
}

const fn text(name: &'static str) -> Column {
    Column::new(name, Text)
}

const fn int(name: &'static str) -> Column {
    Column::new(name, Integer)
}

const fn bool(name: &'static str) -> Column {
    Column::new(name, Boolean)
}

const fn time(name: &'static str) -> Column {
    Column::new(name, Timestamp)
}

const fn json(name: &'static str) -> Column {
    Column::new(name, Json)
}

const fn interval(name: &'static str) -> Column {
    Column::new(name, Interval)
}

/// `name`: the one row of `table` whose id this row's `local` column holds.
const fn one(name: &'static str, table: &'static str, local: &'static str) -> Relation {
    Relation {
        name,
        cardinality: Cardinality::One,
        table,
        local,
        remote: "id",
    }
}

/// `name`: the rows of `table` whose `remote` column holds this row's id.
const fn many(name: &'static str, table: &'static str, remote: &'static str) -> Relation {
    Relation {
        name,
        cardinality: Cardinality::Many,
        table,
        local: "id",
        remote,
    }
}

const fn keyed(name: &'static str, columns: &'static [Column], relations: &'static [Relation]) -> Table {
    Table {
        name,
        columns,
        relations,
        has_key: true,
        is_stored: true,
    }
}

/// Every table of section 2.1 and ours beside them, in alphabetical order.
pub const TABLES: &[Table] = &[
    keyed(
        "agent",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id"),
            uuid("agent_config_id").nullable(),
            text("name").nullable(),
            text("type").nullable(),
            text("core_version").nullable(),
            json("labels"),
            time("last_queried").nullable(),
        ],
        &[
            one("agent_config", "agent_config", "agent_config_id"),
            many("flow_runs", "flow_run", "agent_id"),
        ],
    ),
    keyed(
        "agent_config",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id"),
            text("name").nullable(),
            json("settings"),
        ],
        &[many("agents", "agent", "agent_config_id")],
    ),
    keyed(
        "cloud_hook",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            text("name").nullable(),
            json("states").nullable(),
            text("type"),
            json("config"),
            bool("active"),
            text("version_group_id").nullable(),
        ],
        &[],
    ),
    keyed(
        "edge",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("flow_id"),
            uuid("upstream_task_id"),
            uuid("downstream_task_id"),
            text("key").nullable(),
            bool("mapped"),
        ],
        &[
            one("flow", "flow", "flow_id"),
            one("upstream_task", "task", "upstream_task_id"),
            one("downstream_task", "task", "downstream_task_id"),
        ],
    ),
    keyed(
        "flow",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("project_id"),
            uuid("flow_group_id"),
            int("version").nullable(),
            text("version_group_id").nullable(),
            text("name"),
            text("description").nullable(),
            json("environment").nullable(),
            json("run_config").nullable(),
            json("storage").nullable(),
            json("parameters").nullable(),
            text("core_version").nullable(),
            json("settings"),
            json("serialized_flow").nullable(),
            json("schedule").nullable(),
            bool("is_schedule_active"),
            bool("archived"),
        ],
        &[
            one("tenant", "tenant", "tenant_id"),
            one("project", "project", "project_id"),
            one("flow_group", "flow_group", "flow_group_id"),
            many("tasks", "task", "flow_id"),
            many("edges", "edge", "flow_id"),
            many("flow_runs", "flow_run", "flow_id"),
        ],
    ),
    keyed(
        "flow_group",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            text("name").nullable(),
            text("description").nullable(),
            json("labels").nullable(),
            json("schedule").nullable(),
            json("settings"),
            json("default_parameters"),
            json("run_config").nullable(),
        ],
        &[
            one("tenant", "tenant", "tenant_id"),
            many("flows", "flow", "flow_group_id"),
        ],
    ),
    keyed(
        "flow_run",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("flow_id"),
            uuid("agent_id").nullable(),
            text("name").nullable(),
            json("parameters").nullable(),
            json("context").nullable(),
            json("labels"),
            json("run_config").nullable(),
            time("scheduled_start_time"),
            bool("auto_scheduled"),
            text("idempotency_key").nullable(),
            int("times_resurrected").nullable(),
            time("heartbeat").nullable(),
            time("start_time").nullable(),
            time("end_time").nullable(),
            int("version"),
            text("state").nullable(),
            time("state_timestamp").nullable(),
            text("state_message").nullable(),
            json("state_result").nullable(),
            time("state_start_time").nullable(),
            json("serialized_state").nullable(),
            // Ours: whole seconds from start to end. The contract has no durations.
            int("duration_seconds").nullable(),
        ],
        &[
            one("flow", "flow", "flow_id"),
            one("tenant", "tenant", "tenant_id"),
            one("agent", "agent", "agent_id"),
            many("states", "flow_run_state", "flow_run_id"),
            many("task_runs", "task_run", "flow_run_id"),
            many("logs", "log", "flow_run_id"),
        ],
    ),
    keyed(
        "flow_run_state",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("flow_run_id"),
            time("timestamp"),
            text("state"),
            text("message").nullable(),
            json("result").nullable(),
            time("start_time").nullable(),
            json("serialized_state"),
            int("version").nullable(),
        ],
        &[one("flow_run", "flow_run", "flow_run_id")],
    ),
    Table {
        name: "log",
        columns: &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("flow_run_id").nullable(),
            uuid("task_run_id").nullable(),
            time("timestamp"),
            text("name").nullable(),
            text("level").nullable(),
            text("message").nullable(),
            json("info").nullable(),
            bool("is_loaded_from_archive").nullable(),
        ],
        relations: &[],
        has_key: false,
        is_stored: true,
    },
    keyed(
        "message",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id"),
            bool("read"),
            text("type").nullable(),
            text("text").nullable(),
            json("content"),
        ],
        &[],
    ),
    keyed(
        "project",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            text("name"),
            text("description").nullable(),
        ],
        &[
            one("tenant", "tenant", "tenant_id"),
            many("flows", "flow", "project_id"),
        ],
    ),
    // Ours: a filter of the run history under a name.
    keyed(
        "saved_view",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            text("name"),
            text("query"),
        ],
        &[],
    ),
    keyed(
        "task",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("flow_id"),
            text("name").nullable(),
            text("slug").nullable(),
            text("description").nullable(),
            text("type").nullable(),
            int("max_retries").nullable(),
            interval("retry_delay").nullable(),
            text("trigger").nullable(),
            bool("mapped"),
            bool("auto_generated"),
            text("cache_key").nullable(),
            bool("is_root_task"),
            bool("is_terminal_task"),
            bool("is_reference_task"),
            json("tags"),
        ],
        &[
            one("flow", "flow", "flow_id"),
            many("task_runs", "task_run", "task_id"),
            many("upstream_edges", "edge", "downstream_task_id"),
            many("downstream_edges", "edge", "upstream_task_id"),
        ],
    ),
    keyed(
        "task_run",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("flow_run_id"),
            uuid("task_id"),
            int("map_index"),
            text("name").nullable(),
            text("cache_key").nullable(),
            time("heartbeat").nullable(),
            time("start_time").nullable(),
            time("end_time").nullable(),
            int("version"),
            text("state").nullable(),
            time("state_timestamp").nullable(),
            text("state_message").nullable(),
            json("state_result").nullable(),
            time("state_start_time").nullable(),
            json("serialized_state").nullable(),
        ],
        &[
            one("flow_run", "flow_run", "flow_run_id"),
            one("task", "task", "task_id"),
            one("tenant", "tenant", "tenant_id"),
            many("states", "task_run_state", "task_run_id"),
            many("logs", "log", "task_run_id"),
        ],
    ),
    keyed(
        "task_run_artifact",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id"),
            uuid("task_run_id"),
            text("kind"),
            json("data"),
        ],
        &[one("task_run", "task_run", "task_run_id")],
    ),
    keyed(
        "task_run_state",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            uuid("tenant_id").nullable(),
            uuid("task_run_id"),
            time("timestamp"),
            text("state"),
            text("message").nullable(),
            json("result").nullable(),
            time("start_time").nullable(),
            json("serialized_state"),
            int("version").nullable(),
        ],
        &[one("task_run", "task_run", "task_run_id")],
    ),
    keyed(
        "tenant",
        &[
            uuid("id"),
            time("created"),
            time("updated"),
            text("name"),
            text("slug"),
            json("info").nullable(),
            json("settings"),
        ],
        &[
            many("projects", "project", "tenant_id"),
            many("flows", "flow", "tenant_id"),
            many("flow_groups", "flow_group", "tenant_id"),
        ],
    ),
    Table {
        name: "utility_traversal",
        columns: &[
            uuid("tenant_id").nullable(),
            uuid("task_id").nullable(),
            int("depth").nullable(),
        ],
        relations: &[one("task", "task", "task_id")],
        has_key: false,
        is_stored: false,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_join_columns_of_one_type() {
        for table in TABLES {
            for relation in table.relations {
                let local = table
                    .column(relation.local)
                    .unwrap_or_else(|| panic!("{}.{}", table.name, relation.name));
                let target = super::table(relation.table).expect("the target table exists");
                let remote = target.column(relation.remote).expect("the target column exists");
                assert_eq!(local.ty, remote.ty, "{}.{}", table.name, relation.name);
            }
        }
    }

    #[test]
    fn no_field_is_defined_twice() {
        for table in TABLES {
            let names = table
                .columns
                .iter()
                .map(|c| c.name)
                .chain(table.relations.iter().map(|r| r.name));
            let mut seen = std::collections::HashSet::new();
            assert!(names.clone().all(|name| seen.insert(name)), "{}", table.name);
        }
    }
}
