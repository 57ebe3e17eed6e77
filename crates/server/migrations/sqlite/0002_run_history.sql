-- What the run history asks for: durations, filters over many runs, and views a person saved.

ALTER TABLE flow_run ADD COLUMN
    duration_seconds INTEGER GENERATED ALWAYS AS (unixepoch(end_time) - unixepoch(start_time)) VIRTUAL;

-- In the order of the history, with what most filters look at, so that a run that does not fit is passed over without
-- its row being read.
DROP INDEX flow_run_by_scheduled_start_time;
CREATE INDEX flow_run_history ON flow_run
    (scheduled_start_time, id, state, flow_id, auto_scheduled, agent_id, name, start_time, end_time, duration_seconds,
     labels, parameters);
DROP INDEX flow_run_by_state;
CREATE INDEX flow_run_by_state ON flow_run (state, scheduled_start_time, id);
CREATE INDEX flow_run_by_start_time ON flow_run (start_time, id, state);
CREATE INDEX flow_run_by_end_time ON flow_run (end_time, id, state);
CREATE INDEX flow_run_by_duration ON flow_run (duration_seconds, id, state);
-- The first page asks of every flow when it runs next.
CREATE INDEX flow_run_by_flow_state ON flow_run (flow_id, state, scheduled_start_time);
CREATE INDEX task_run_by_flow_run_state ON task_run (flow_run_id, state);
-- Which flow runs have task runs in a state that few are in.
DROP INDEX task_run_by_state;
CREATE INDEX task_run_by_state ON task_run (state, flow_run_id);

-- A filter of the run history under a name. `query` is the text of its query field.
CREATE TABLE saved_view (
    id      TEXT PRIMARY KEY NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    query   TEXT NOT NULL
) STRICT;
