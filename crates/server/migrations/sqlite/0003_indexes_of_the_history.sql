-- Databases of the days before the first release may have an earlier form of 0002: the same names, but narrower indexes,
-- and one missing. Where 0002 ran as it is now, this builds the same indexes once more.

DROP INDEX IF EXISTS flow_run_history;
CREATE INDEX flow_run_history ON flow_run
    (scheduled_start_time, id, state, flow_id, auto_scheduled, agent_id, name, start_time, end_time, duration_seconds,
     labels, parameters);
CREATE INDEX IF NOT EXISTS flow_run_by_flow_state ON flow_run (flow_id, state, scheduled_start_time);
DROP INDEX IF EXISTS task_run_by_state;
CREATE INDEX task_run_by_state ON task_run (state, flow_run_id);
