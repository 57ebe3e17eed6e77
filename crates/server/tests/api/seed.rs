//! A small world to read from: two projects, three flows, runs in several states, edges in a diamond, logs.

use crate::harness::TestServer;

/// The nth id. Ids say what they are by their first digit.
pub fn id(kind: char, n: u32) -> String {
    format!("{kind}0000000-0000-4000-8000-{n:012}")
}

pub fn project(n: u32) -> String {
    id('a', n)
}

pub fn flow(n: u32) -> String {
    id('f', n)
}

pub fn flow_run(n: u32) -> String {
    id('b', n)
}

pub fn task(n: u32) -> String {
    id('c', n)
}

pub fn task_run(n: u32) -> String {
    id('d', n)
}

/// A moment `n` minutes after the start of 2026, as it is stored.
pub fn minute(n: u32) -> String {
    format!("2026-01-01T{:02}:{:02}:00.000000+00:00", n / 60, n % 60)
}

/// A server with these rows:
///
/// | flow | project | version | archived |
/// | ---- | ------- | ------- | -------- |
/// | 1 `etl` | 1 `Nightly` | 1 | yes |
/// | 2 `etl` | 1 `Nightly` | 2 | no |
/// | 3 `Report` | 2 `Daily 100%` | 1 | no |
///
/// Flow runs 1 to 4 are of flow 2 and run 5 is of flow 3; their states are Success, Failed, Running, Scheduled, null.
/// Flow 2 has the tasks 1 → 2, 1 → 3, 2 → 4, 3 → 4 (a diamond), and flow run 1 has a task run for each.
pub fn seeded() -> TestServer {
    let server = TestServer::start();
    let at = minute(0);
    let mut rows = String::new();
    for (n, name, description) in [(1, "Nightly", "'by night'"), (2, "Daily 100%", "NULL")] {
        rows += &format!(
            "INSERT INTO project (id, created, updated, name, description) \
             VALUES ('{}', '{at}', '{at}', '{name}', {description});",
            project(n)
        );
        rows += &format!(
            "INSERT INTO flow_group (id, created, updated, name) VALUES ('{0}', '{at}', '{at}', 'group-{n}');",
            id('9', n)
        );
    }
    for (n, project_n, name, version, archived) in
        [(1, 1, "etl", 1, 1), (2, 1, "etl", 2, 0), (3, 2, "Report", 1, 0)]
    {
        rows += &format!(
            "INSERT INTO flow (id, created, updated, project_id, flow_group_id, name, version, archived, settings) \
             VALUES ('{}', '{at}', '{at}', '{}', '{}', '{name}', {version}, {archived}, '{{\"n\":{n}}}');",
            flow(n),
            project(project_n),
            id('9', project_n)
        );
    }
    for (n, of, state, labels) in [
        (1, 2, "'Success'", r#"["gpu","rust"]"#),
        (2, 2, "'Failed'", r#"["rust"]"#),
        (3, 2, "'Running'", "[]"),
        (4, 2, "'Scheduled'", "[]"),
        (5, 3, "NULL", "[]"),
    ] {
        let (started, ended) = match n {
            1 | 2 => (
                format!("'{}'", minute(10 * n)),
                format!("'{}'", minute(10 * n + 5)),
            ),
            3 => (format!("'{}'", minute(30)), "NULL".into()),
            _ => ("NULL".into(), "NULL".into()),
        };
        rows += &format!(
            "INSERT INTO flow_run (id, created, updated, flow_id, name, state, version, labels, start_time, end_time, \
             scheduled_start_time, auto_scheduled, serialized_state) VALUES ('{}', '{at}', '{}', '{}', 'run-{n}', \
             {state}, {n}, '{labels}', {started}, {ended}, '{}', {}, '{{\"message\":\"a \\\"quoted\\\" word\"}}');",
            flow_run(n),
            minute(n),
            flow(of),
            minute(n),
            n % 2
        );
    }
    for n in 1..=4 {
        rows += &format!(
            "INSERT INTO task (id, created, updated, flow_id, name, slug, max_retries, retry_delay) \
             VALUES ('{}', '{at}', '{at}', '{}', 'task {n}', 'task-{n}', {n}, '00:00:0{n}');",
            task(n),
            flow(2)
        );
        rows += &format!(
            "INSERT INTO task_run (id, created, updated, flow_run_id, task_id, map_index, version, state) \
             VALUES ('{}', '{at}', '{at}', '{}', '{}', -1, {n}, '{}');",
            task_run(n),
            flow_run(1),
            task(n),
            if n == 4 { "Failed" } else { "Success" }
        );
    }
    for (n, (from, to)) in [(1, 2), (1, 3), (2, 4), (3, 4)].into_iter().enumerate() {
        rows += &format!(
            "INSERT INTO edge (id, created, updated, flow_id, upstream_task_id, downstream_task_id, key) \
             VALUES ('{}', '{at}', '{at}', '{}', '{}', '{}', 'x{n}');",
            id('e', n as u32),
            flow(2),
            task(from),
            task(to)
        );
    }
    for n in 1..=3 {
        rows += &format!(
            "INSERT INTO log (id, created, updated, flow_run_id, timestamp, level, message) \
             VALUES ('{}', '{at}', '{at}', '{}', '{}', 'INFO', 'line {n} \u{1F44B} \"quoted\"\n\tand \\ more');",
            id('8', n),
            flow_run(1),
            minute(n)
        );
    }
    server.sql(&rows);
    server
}
