-- The data model. What each table means is said here and nowhere else.
--
-- How values are kept (the same everywhere, so that Postgres can follow with its own types):
--   uuid         text, 36 characters, lower case
--   timestamptz  text, `2026-11-23T04:19:38.441849+00:00`: always six digits and UTC, so text order is time order
--   jsonb        text, minified JSON
--   interval     text, `HH:MM:SS`
--   boolean      integer, 0 or 1
-- `created` and `updated` are written by the server, from its one time source. `updated` grows in the order of
-- commits, so "what changed since" is `updated > ?`; the indexes on it serve that question.
-- Deleting a row takes with it all that belongs to it; every foreign key that does so has an index, except
-- those to the tenant, which is deleted so rarely that the scan is cheaper than the indexes.

-- The owner of everything else. The server makes one, `default`.
CREATE TABLE tenant (
    id       TEXT PRIMARY KEY NOT NULL,
    created  TEXT NOT NULL,
    updated  TEXT NOT NULL,
    name     TEXT NOT NULL,
    slug     TEXT NOT NULL UNIQUE,
    info     TEXT,                          -- jsonb
    settings TEXT NOT NULL DEFAULT '{}'     -- jsonb
) STRICT;

-- A shelf of flows.
CREATE TABLE project (
    id          TEXT PRIMARY KEY NOT NULL,
    created     TEXT NOT NULL,
    updated     TEXT NOT NULL,
    tenant_id   TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    description TEXT,
    UNIQUE (tenant_id, name)
) STRICT;

-- All versions of one flow, and what is set for all of them.
CREATE TABLE flow_group (
    id                 TEXT PRIMARY KEY NOT NULL,
    created            TEXT NOT NULL,
    updated            TEXT NOT NULL,
    tenant_id          TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    name               TEXT,                        -- the version_group_id of its flows
    description        TEXT,
    labels             TEXT,                        -- jsonb; null = each version's own, [] = none
    schedule           TEXT,                        -- jsonb; in place of each version's own
    settings           TEXT NOT NULL DEFAULT '{}',  -- jsonb
    default_parameters TEXT NOT NULL DEFAULT '{}',  -- jsonb
    run_config         TEXT                         -- jsonb
) STRICT;
CREATE INDEX flow_group_by_name ON flow_group (name);

-- One version of a flow, as it was registered.
CREATE TABLE flow (
    id                 TEXT PRIMARY KEY NOT NULL,
    created            TEXT NOT NULL,
    updated            TEXT NOT NULL,
    tenant_id          TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    project_id         TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    flow_group_id      TEXT NOT NULL REFERENCES flow_group (id) ON DELETE CASCADE,
    version            INTEGER,
    version_group_id   TEXT,                        -- the name of the flow group
    name               TEXT NOT NULL,
    description        TEXT,
    environment        TEXT,                        -- jsonb
    run_config         TEXT,                        -- jsonb
    storage            TEXT,                        -- jsonb
    parameters         TEXT DEFAULT '{}',           -- jsonb; in practice a list of declarations
    core_version       TEXT,
    settings           TEXT NOT NULL DEFAULT '{}',  -- jsonb
    serialized_flow    TEXT,                        -- jsonb; everything it was registered with
    schedule           TEXT,                        -- jsonb
    is_schedule_active INTEGER NOT NULL DEFAULT 0,
    archived           INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX flow_by_project ON flow (project_id, name);
CREATE INDEX flow_by_group ON flow (flow_group_id, version);
CREATE INDEX flow_by_version_group ON flow (version_group_id, version);
CREATE INDEX flow_by_name ON flow (name, version);
CREATE INDEX flow_by_schedule ON flow (is_schedule_active) WHERE is_schedule_active = 1;

-- A task of one version of a flow. `mapped`, the three `is_…_task` and `description` stay at their defaults:
-- no client sends them.
CREATE TABLE task (
    id                TEXT PRIMARY KEY NOT NULL,
    created           TEXT NOT NULL,
    updated           TEXT NOT NULL,
    tenant_id         TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    flow_id           TEXT NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    name              TEXT,
    slug              TEXT,                         -- its name within the flow: `add_one-1`
    description       TEXT,
    type              TEXT,
    max_retries       INTEGER,
    retry_delay       TEXT,                         -- interval
    "trigger"         TEXT,
    mapped            INTEGER NOT NULL DEFAULT 0,
    auto_generated    INTEGER NOT NULL DEFAULT 0,
    cache_key         TEXT,
    is_root_task      INTEGER NOT NULL DEFAULT 0,
    is_terminal_task  INTEGER NOT NULL DEFAULT 0,
    is_reference_task INTEGER NOT NULL DEFAULT 0,
    tags              TEXT NOT NULL DEFAULT '[]',   -- jsonb
    UNIQUE (flow_id, slug)
) STRICT;

-- "The result of this task goes into that one". One edge for each pair of tasks: of several only the first is kept.
CREATE TABLE edge (
    id                 TEXT PRIMARY KEY NOT NULL,
    created            TEXT NOT NULL,
    updated            TEXT NOT NULL,
    tenant_id          TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    flow_id            TEXT NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    upstream_task_id   TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    downstream_task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    key                TEXT,                        -- the argument it fills; null = only the order
    mapped             INTEGER NOT NULL DEFAULT 0,
    UNIQUE (flow_id, downstream_task_id, upstream_task_id)
) STRICT;
CREATE INDEX edge_by_upstream ON edge (upstream_task_id);
CREATE INDEX edge_by_downstream ON edge (downstream_task_id);

-- Settings that agents can ask for by id.
CREATE TABLE agent_config (
    id        TEXT PRIMARY KEY NOT NULL,
    created   TEXT NOT NULL,
    updated   TEXT NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    name      TEXT,
    settings  TEXT NOT NULL DEFAULT '{}'            -- jsonb
) STRICT;

-- A program that asks for due flow runs and starts them.
CREATE TABLE agent (
    id              TEXT PRIMARY KEY NOT NULL,
    created         TEXT NOT NULL,
    updated         TEXT NOT NULL,
    tenant_id       TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    agent_config_id TEXT REFERENCES agent_config (id) ON DELETE SET NULL,
    name            TEXT,
    type            TEXT,
    core_version    TEXT,
    labels          TEXT NOT NULL DEFAULT '[]',     -- jsonb, sorted
    last_queried    TEXT                            -- timestamptz; when it last asked
) STRICT;
CREATE INDEX agent_by_config ON agent (agent_config_id);

-- A run of a flow. The columns from `state` on repeat its newest row in flow_run_state; only
-- `store::state` writes them.
CREATE TABLE flow_run (
    id                   TEXT PRIMARY KEY NOT NULL,
    created              TEXT NOT NULL,
    updated              TEXT NOT NULL,
    tenant_id            TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    flow_id              TEXT NOT NULL REFERENCES flow (id) ON DELETE CASCADE,
    agent_id             TEXT REFERENCES agent (id) ON DELETE SET NULL,
    name                 TEXT,
    parameters           TEXT DEFAULT '{}',         -- jsonb
    context              TEXT,                      -- jsonb
    labels               TEXT NOT NULL DEFAULT '[]',-- jsonb, sorted
    run_config           TEXT,                      -- jsonb
    scheduled_start_time TEXT NOT NULL,             -- timestamptz
    auto_scheduled       INTEGER NOT NULL DEFAULT 0,
    idempotency_key      TEXT,
    times_resurrected    INTEGER DEFAULT 0,
    heartbeat            TEXT,                      -- timestamptz
    start_time           TEXT,                      -- timestamptz; of the first Running
    end_time             TEXT,                      -- timestamptz; of the last end
    version              INTEGER NOT NULL DEFAULT 0,-- counts its states
    state                TEXT,
    state_timestamp      TEXT,                      -- timestamptz
    state_message        TEXT,
    state_result         TEXT,                      -- jsonb
    state_start_time     TEXT,                      -- timestamptz; not before then
    serialized_state     TEXT,                      -- jsonb; the state as it was sent
    UNIQUE (idempotency_key, flow_id)
) STRICT;
CREATE INDEX flow_run_by_flow ON flow_run (flow_id, scheduled_start_time);
CREATE INDEX flow_run_by_scheduled_start_time ON flow_run (scheduled_start_time);
CREATE INDEX flow_run_by_state ON flow_run (state, scheduled_start_time);
CREATE INDEX flow_run_waiting ON flow_run (state_start_time) WHERE state_start_time IS NOT NULL;
CREATE INDEX flow_run_by_updated ON flow_run (updated);
CREATE INDEX flow_run_by_agent ON flow_run (agent_id) WHERE agent_id IS NOT NULL;

-- All states a flow run has been in.
CREATE TABLE flow_run_state (
    id               TEXT PRIMARY KEY NOT NULL,
    created          TEXT NOT NULL,
    updated          TEXT NOT NULL,
    tenant_id        TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    flow_run_id      TEXT NOT NULL REFERENCES flow_run (id) ON DELETE CASCADE,
    timestamp        TEXT NOT NULL,                 -- timestamptz
    state            TEXT NOT NULL,
    message          TEXT,
    result           TEXT,                          -- jsonb
    start_time       TEXT,                          -- timestamptz
    serialized_state TEXT NOT NULL,                 -- jsonb
    version          INTEGER DEFAULT 1
) STRICT;
CREATE INDEX flow_run_state_by_flow_run ON flow_run_state (flow_run_id, timestamp);

-- A run of a task within a flow run: the task itself (map_index -1) or one of its mapped children (from 0).
-- The columns from `state` on repeat its newest row in task_run_state; only `store::state` writes them.
CREATE TABLE task_run (
    id               TEXT PRIMARY KEY NOT NULL,
    created          TEXT NOT NULL,
    updated          TEXT NOT NULL,
    tenant_id        TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    flow_run_id      TEXT NOT NULL REFERENCES flow_run (id) ON DELETE CASCADE,
    task_id          TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    map_index        INTEGER NOT NULL DEFAULT -1,
    name             TEXT,
    cache_key        TEXT,                          -- copied from the task
    heartbeat        TEXT,                          -- timestamptz
    start_time       TEXT,                          -- timestamptz
    end_time         TEXT,                          -- timestamptz
    version          INTEGER NOT NULL DEFAULT 0,
    state            TEXT,
    state_timestamp  TEXT,                          -- timestamptz
    state_message    TEXT,
    state_result     TEXT,                          -- jsonb
    state_start_time TEXT,                          -- timestamptz
    serialized_state TEXT,                          -- jsonb
    UNIQUE (flow_run_id, task_id, map_index)
) STRICT;
CREATE INDEX task_run_by_task ON task_run (task_id, map_index);
CREATE INDEX task_run_by_state ON task_run (state, state_timestamp);
CREATE INDEX task_run_waiting ON task_run (state_start_time) WHERE state_start_time IS NOT NULL;
CREATE INDEX task_run_by_cache_key ON task_run (cache_key, state_timestamp) WHERE cache_key IS NOT NULL;
CREATE INDEX task_run_by_updated ON task_run (flow_run_id, updated);

-- All states a task run has been in.
CREATE TABLE task_run_state (
    id               TEXT PRIMARY KEY NOT NULL,
    created          TEXT NOT NULL,
    updated          TEXT NOT NULL,
    tenant_id        TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    task_run_id      TEXT NOT NULL REFERENCES task_run (id) ON DELETE CASCADE,
    timestamp        TEXT NOT NULL,                 -- timestamptz
    state            TEXT NOT NULL,
    message          TEXT,
    result           TEXT,                          -- jsonb
    start_time       TEXT,                          -- timestamptz
    serialized_state TEXT NOT NULL,                 -- jsonb
    version          INTEGER DEFAULT 1
) STRICT;
CREATE INDEX task_run_state_by_task_run ON task_run_state (task_run_id, timestamp);

-- Something to look at that a task run left behind: a link or a piece of markdown.
CREATE TABLE task_run_artifact (
    id          TEXT PRIMARY KEY NOT NULL,
    created     TEXT NOT NULL,
    updated     TEXT NOT NULL,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    task_run_id TEXT NOT NULL REFERENCES task_run (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    data        TEXT NOT NULL DEFAULT '{}'          -- jsonb
) STRICT;
CREATE INDEX task_run_artifact_by_task_run ON task_run_artifact (task_run_id);

-- The lines that runs write. No primary key: there are many, and nobody asks for one by its id.
CREATE TABLE log (
    id                     TEXT NOT NULL,
    created                TEXT NOT NULL,
    updated                TEXT NOT NULL,
    tenant_id              TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    flow_run_id            TEXT REFERENCES flow_run (id) ON DELETE CASCADE,
    task_run_id            TEXT REFERENCES task_run (id) ON DELETE CASCADE,
    timestamp              TEXT NOT NULL,           -- timestamptz
    name                   TEXT,                    -- of the logger
    level                  TEXT,
    message                TEXT,
    info                   TEXT,                    -- jsonb
    is_loaded_from_archive INTEGER
) STRICT;
CREATE INDEX log_by_flow_run ON log (flow_run_id, timestamp);
CREATE INDEX log_by_arrival ON log (flow_run_id, created);
CREATE INDEX log_by_task_run ON log (task_run_id, timestamp) WHERE task_run_id IS NOT NULL;

-- What the server wants to tell people.
CREATE TABLE message (
    id        TEXT PRIMARY KEY NOT NULL,
    created   TEXT NOT NULL,
    updated   TEXT NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    read      INTEGER NOT NULL DEFAULT 0,
    type      TEXT,
    text      TEXT,
    content   TEXT NOT NULL DEFAULT '{}'            -- jsonb
) STRICT;

-- Who is told when a flow run enters one of these states.
CREATE TABLE cloud_hook (
    id               TEXT PRIMARY KEY NOT NULL,
    created          TEXT NOT NULL,
    updated          TEXT NOT NULL,
    tenant_id        TEXT REFERENCES tenant (id) ON DELETE CASCADE,
    name             TEXT,
    states           TEXT,                          -- jsonb; names in upper case
    type             TEXT NOT NULL,
    config           TEXT NOT NULL DEFAULT '{}',    -- jsonb
    active           INTEGER NOT NULL DEFAULT 1,
    version_group_id TEXT                           -- null = every flow
) STRICT;
