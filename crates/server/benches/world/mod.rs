//! Makes databases as large as real ones: many flow runs, one with many task runs, one with many log lines.
//!
//! The same numbers make the same rows, but for their ids. Written past the mutations, because a hundred thousand runs
//! are to be there within seconds; the state history of each run is complete all the same.

use flowdeck_server::error::Error;
use flowdeck_server::store::{Db, Value};
use flowdeck_server::time;
use flowdeck_vocabulary::{AgentId, EdgeId, FlowGroupId, FlowId, FlowRunId, ProjectId, TaskId, TaskRunId};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

const PROJECTS: [&str; 5] = [
    "ingest",
    "warehouse",
    "reports",
    "machine-learning",
    "housekeeping",
];
const FLOWS: [&str; 8] = [
    "load-orders",
    "sync-customers",
    "train-forecast",
    "clean-up",
    "export-invoices",
    "check-quality",
    "build-index",
    "send-digest",
];
const LABELS: [&[&str]; 5] = [
    &["prod"],
    &["prod", "gpu"],
    &["staging"],
    &["prod", "eu-west"],
    &[],
];
const AGENTS: [&str; 4] = ["vm-1", "vm-2", "gpu-1", "staging-1"];
const TASKS: [&str; 4] = ["extract", "transform", "load", "notify"];
const WORDS: [&str; 6] = ["amber", "brisk", "calm", "daring", "eager", "fuzzy"];
const ANIMALS: [&str; 6] = ["lynx", "otter", "heron", "badger", "falcon", "newt"];

/// How far back the history goes.
const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 90);

/// How many flow runs wait for their time or for an agent.
const WAITING: i64 = 24;

/// A flow with its tasks.
struct Flow {
    id: FlowId,
    tasks: Vec<TaskId>,
    /// How long its runs usually take, in seconds.
    usual: i64,
}

/// Writes into one transaction.
pub struct World<'a> {
    db: &'a mut dyn Db,
    now: Timestamp,
    random: StdRng,
    tenant: Value,
}

impl<'a> World<'a> {
    /// Starts to write, as of `now`.
    pub fn new(db: &'a mut dyn Db, now: Timestamp) -> Result<Self, Error> {
        flowdeck_server::store::tenant::ensure_default(db, now)?;
        let tenant = db.query("SELECT id FROM tenant ORDER BY created LIMIT 1", &[])?;
        let tenant = Value::from(tenant[0].text(0)?);
        Ok(Self {
            db,
            now,
            random: StdRng::seed_from_u64(1),
            tenant,
        })
    }

    /// `count` flow runs of 40 flows over the last 90 days, each with four task runs, and [`WAITING`] more that wait:
    /// a few are late, the others are to come.
    pub fn flow_runs(&mut self, count: usize) -> Result<(), Error> {
        let agents = self.agents()?;
        let mut flows = Vec::new();
        for project in PROJECTS {
            let project = self.project(project)?;
            for name in FLOWS {
                let usual = self.random.random_range(5..1800);
                let tasks: Vec<&str> = TASKS.to_vec();
                flows.push(self.flow(project, name, &tasks, usual)?);
            }
        }
        for n in 0..count {
            // Small numbers are drawn more often: some flows run every few minutes, some once a week.
            let drawn: f64 = self.random.random();
            let flow = &flows[((drawn * drawn) * flows.len() as f64) as usize];
            let age =
                HISTORY.as_secs() * i64::try_from(count - n).unwrap_or(0) / i64::try_from(count).unwrap_or(1);
            let scheduled = self.now - SignedDuration::from_secs(age);
            self.flow_run(flow, scheduled, true, &agents)?;
        }
        for n in 0..WAITING {
            let flow = &flows[usize::try_from(n).unwrap_or(0) % flows.len()];
            let scheduled = self.now + SignedDuration::from_mins(4 * (n - WAITING / 4));
            self.flow_run(flow, scheduled, false, &agents)?;
        }
        Ok(())
    }

    /// One flow run; one that was taken by an agent has begun when it was due.
    fn flow_run(
        &mut self,
        flow: &Flow,
        scheduled: Timestamp,
        is_taken: bool,
        agents: &[AgentId],
    ) -> Result<(), Error> {
        const INSERT: &str = "INSERT INTO flow_run (id, created, updated, tenant_id, flow_id, agent_id, name, \
            parameters, labels, scheduled_start_time, auto_scheduled, start_time, end_time, version, state, \
            state_timestamp, state_message, serialized_state, state_start_time) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?2, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, \
                CASE WHEN ?14 = 'Scheduled' THEN ?2 END)";
        let delay = self.random.random_range(1..20);
        let factor: f64 = self.random.random_range(0.6..1.6);
        let took = SignedDuration::from_secs((flow.usual as f64 * factor) as i64 + 1);
        let started = scheduled + SignedDuration::from_secs(delay);
        let ended = started + took;
        let (state, message) = match self.random.random_range(0..1000) {
            _ if !is_taken || started > self.now => ("Scheduled", "Flow run scheduled."),
            _ if ended > self.now => ("Running", "Running flow."),
            0..60 => ("Failed", "Some reference tasks failed."),
            60..80 => ("Cancelled", "Cancelled by a person."),
            80..85 => ("TimedOut", "The flow took longer than it may."),
            85..95 => ("Skipped", "Some upstream tasks skipped."),
            _ => ("Success", "All reference tasks succeeded."),
        };
        let is_finished = !matches!(state, "Scheduled" | "Running");
        let has_started = state != "Scheduled";
        let changed = match (has_started, is_finished) {
            (_, true) => ended,
            (true, false) => started,
            _ => scheduled,
        };
        let id = FlowRunId::random();
        let labels = LABELS[self.random.random_range(0..LABELS.len())];
        let agent = agents[self.random.random_range(0..agents.len())];
        let name = format!(
            "{}-{}-{}",
            self.pick(&WORDS),
            self.pick(&ANIMALS),
            self.random.random_range(0..10_000)
        );
        let parameters = json!({
            "batch": self.random.random_range(0..200),
            "source": self.pick(&["s3", "ftp", "api"]),
        });
        let by_hand = self.random.random_range(0..5) == 0;
        self.db.execute(
            INSERT,
            &[
                id.into(),
                at(scheduled),
                at(changed),
                self.tenant.clone(),
                flow.id.into(),
                has_started.then_some(agent).into(),
                name.into(),
                parameters.to_string().into(),
                json!(labels).to_string().into(),
                Value::Integer(i64::from(!by_hand)),
                has_started.then(|| at(started)).into(),
                is_finished.then(|| at(ended)).into(),
                Value::Integer(if is_finished {
                    3
                } else {
                    1 + i64::from(has_started)
                }),
                state.into(),
                at(changed),
                message.into(),
                serialized(state, message).into(),
            ],
        )?;
        let mut history = vec![("Scheduled", scheduled)];
        if has_started {
            history.push(("Running", started));
        }
        if is_finished {
            history.push((state, ended));
        }
        for (version, (state, at)) in history.into_iter().enumerate() {
            self.state("flow_run", id.into(), state, at, version)?;
        }
        if has_started {
            self.task_runs_of(flow, id, state, started, changed)?;
        }
        Ok(())
    }

    /// One task run after the other; of a failed run one fails and those after it cannot run.
    fn task_runs_of(
        &mut self,
        flow: &Flow,
        run: FlowRunId,
        state: &str,
        started: Timestamp,
        ended: Timestamp,
    ) -> Result<(), Error> {
        let failing = match state {
            "Failed" | "TimedOut" | "Cancelled" => self.random.random_range(0..flow.tasks.len()),
            "Running" => 1,
            _ => flow.tasks.len(),
        };
        let each =
            ended.duration_since(started).as_secs().max(0) / i64::try_from(flow.tasks.len()).unwrap_or(1);
        for (index, task) in flow.tasks.iter().enumerate() {
            let from = started + SignedDuration::from_secs(each * i64::try_from(index).unwrap_or(0));
            let until = from + SignedDuration::from_secs(each);
            let (state, start, end) = match (index.cmp(&failing), state) {
                (std::cmp::Ordering::Less, _) => ("Success", Some(from), Some(until)),
                (std::cmp::Ordering::Equal, "Running") => ("Running", Some(from), None),
                (std::cmp::Ordering::Equal, state) => (state, Some(from), Some(until)),
                (_, "Running") => ("Pending", None, None),
                _ => ("TriggerFailed", None, Some(ended)),
            };
            self.task_run(run, *task, -1, state, start, end)?;
        }
        Ok(())
    }

    /// One flow run, under way, with `count` task runs: 50 tasks in five layers, all but the first layer mapped.
    pub fn task_runs(&mut self, count: usize) -> Result<FlowRunId, Error> {
        let project = self.project("large")?;
        let names: Vec<String> = (0..50)
            .map(|n| format!("layer-{}-task-{}", n / 10, n % 10))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let flow = self.flow(project, "many-tasks", &names, 600)?;
        let run = self.large_run(&flow, "a-run-with-many-tasks")?;
        let mapped = flow.tasks.len() - 10;
        for (index, task) in flow.tasks.iter().enumerate() {
            let start = self.now - SignedDuration::from_secs(600 - 10 * i64::try_from(index).unwrap_or(0));
            let end = start + SignedDuration::from_secs(10);
            if index < 10 {
                self.task_run(run, *task, -1, "Success", Some(start), Some(end))?;
                continue;
            }
            self.task_run(run, *task, -1, "Mapped", Some(start), Some(end))?;
            let children = count.saturating_sub(flow.tasks.len()) / mapped;
            for child in 0..children {
                let map_index = i32::try_from(child).unwrap_or(i32::MAX);
                let (state, start, end) = match index / 10 {
                    1 | 2 => ("Success", Some(start), Some(end)),
                    3 => ("Running", Some(start), None),
                    _ => ("Pending", None, None),
                };
                self.task_run(run, *task, map_index, state, start, end)?;
            }
        }
        Ok(run)
    }

    /// One flow run with `count` log lines at every level, with colours, long lines and tracebacks among them.
    pub fn logs(&mut self, count: usize) -> Result<FlowRunId, Error> {
        const INSERT: &str = "INSERT INTO log (id, created, updated, tenant_id, flow_run_id, task_run_id, timestamp, \
            name, level, message) VALUES (gen_random_uuid(), ?1, ?1, ?2, ?3, ?4, ?1, ?5, ?6, ?7)";
        let project = self.project("large")?;
        let flow = self.flow(project, "many-lines", &TASKS, 600)?;
        let run = self.large_run(&flow, "a-run-with-many-lines")?;
        let mut task_runs = Vec::new();
        for task in &flow.tasks {
            let started = self.now - SignedDuration::from_secs(600);
            task_runs.push(self.task_run(run, *task, -1, "Running", Some(started), None)?);
        }
        for n in 0..count {
            let micros = 600_000_000 * i64::try_from(n).unwrap_or(0) / i64::try_from(count).unwrap_or(1);
            let at = at(self.now - SignedDuration::from_secs(600) + SignedDuration::from_micros(micros));
            let task = n % TASKS.len();
            let (level, message) = match self.random.random_range(0..1000) {
                0..3 => (
                    "ERROR",
                    format!(
                        "Row {n} could not be read\nTraceback (most recent call last):\n  File \"load.py\", line {}, \
                         in read\n    raise ValueError(row)\nValueError: {n}",
                        n % 400
                    ),
                ),
                3..20 => (
                    "WARNING",
                    format!("\u{1b}[33mslow\u{1b}[0m answer: {} ms", n % 5000),
                ),
                20..30 => ("INFO", format!("reading\r{}%\r{}% done", n % 50, n % 100)),
                30..40 => ("INFO", format!("a long line: {}", "abcdefghij ".repeat(40))),
                40..300 => ("DEBUG", format!("checked row {n} of batch {}", n / 1000)),
                _ => ("INFO", format!("wrote row {n} of batch {}", n / 1000)),
            };
            self.db.execute(
                INSERT,
                &[
                    at,
                    self.tenant.clone(),
                    run.into(),
                    task_runs[task].into(),
                    format!("prefect.{}", TASKS[task]).into(),
                    level.into(),
                    message.into(),
                ],
            )?;
        }
        Ok(run)
    }

    fn large_run(&mut self, flow: &Flow, name: &str) -> Result<FlowRunId, Error> {
        const INSERT: &str = "INSERT INTO flow_run (id, created, updated, tenant_id, flow_id, name, \
            scheduled_start_time, start_time, heartbeat, version, state, state_timestamp, state_message, serialized_state) \
            VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?6, ?2, 2, 'Running', ?6, 'Running flow.', ?7)";
        let id = FlowRunId::random();
        let started = self.now - SignedDuration::from_secs(600);
        self.db.execute(
            INSERT,
            &[
                id.into(),
                at(self.now),
                self.tenant.clone(),
                flow.id.into(),
                name.into(),
                at(started),
                serialized("Running", "Running flow.").into(),
            ],
        )?;
        self.state("flow_run", id.into(), "Scheduled", started, 0)?;
        self.state("flow_run", id.into(), "Running", started, 1)?;
        Ok(id)
    }

    fn task_run(
        &mut self,
        run: FlowRunId,
        task: TaskId,
        map_index: i32,
        state: &str,
        start: Option<Timestamp>,
        end: Option<Timestamp>,
    ) -> Result<TaskRunId, Error> {
        const INSERT: &str = "INSERT INTO task_run (id, created, updated, tenant_id, flow_run_id, task_id, map_index, \
            start_time, end_time, version, state, state_timestamp, state_message, serialized_state) \
            VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?2, ?11, ?12)";
        let id = TaskRunId::random();
        let changed = end.or(start).unwrap_or(self.now);
        let message = match state {
            "Success" => "Task run succeeded.",
            "Failed" => "Unexpected error: ValueError('42')",
            "TriggerFailed" => "Trigger was \"all_successful\" but some of the upstream tasks failed.",
            "Mapped" => "Ready to proceed with mapping.",
            _ => "",
        };
        self.db.execute(
            INSERT,
            &[
                id.into(),
                at(changed),
                self.tenant.clone(),
                run.into(),
                task.into(),
                Value::Integer(map_index.into()),
                start.map(at).into(),
                end.map(at).into(),
                Value::Integer(1 + i64::from(start.is_some())),
                state.into(),
                message.into(),
                serialized(state, message).into(),
            ],
        )?;
        if let Some(start) = start {
            self.state("task_run", id.into(), "Running", start, 0)?;
        }
        if state != "Running" {
            self.state("task_run", id.into(), state, changed, 1)?;
        }
        Ok(id)
    }

    fn state(
        &mut self,
        of: &str,
        id: Value,
        state: &str,
        when: Timestamp,
        version: usize,
    ) -> Result<(), Error> {
        let sql = match of {
            "flow_run" => {
                "INSERT INTO flow_run_state (id, created, updated, tenant_id, flow_run_id, timestamp, state, \
                 message, serialized_state, version) VALUES (gen_random_uuid(), ?1, ?1, ?2, ?3, ?1, ?4, '', ?5, ?6)"
            }
            _ => {
                "INSERT INTO task_run_state (id, created, updated, tenant_id, task_run_id, timestamp, state, \
                 message, serialized_state, version) VALUES (gen_random_uuid(), ?1, ?1, ?2, ?3, ?1, ?4, '', ?5, ?6)"
            }
        };
        let version = i64::try_from(version + 1).unwrap_or(1);
        let params = [
            at(when),
            self.tenant.clone(),
            id,
            state.into(),
            serialized(state, "").into(),
            Value::Integer(version),
        ];
        self.db.execute(sql, &params).map(drop)
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.random.random_range(0..words.len())]
    }

    /// The project of that name, made when it is not there.
    fn project(&mut self, name: &str) -> Result<ProjectId, Error> {
        let found = self
            .db
            .query("SELECT id FROM project WHERE name = ?1", &[name.into()])?;
        if let Some(row) = found.first() {
            return row
                .text(0)?
                .parse()
                .map_err(|_| Error::Internal("a project without an id".to_owned()));
        }
        let id = ProjectId::random();
        self.db.execute(
            "INSERT INTO project (id, created, updated, tenant_id, name) VALUES (?1, ?2, ?2, ?3, ?4)",
            &[id.into(), at(self.now), self.tenant.clone(), name.into()],
        )?;
        Ok(id)
    }

    fn agents(&mut self) -> Result<Vec<AgentId>, Error> {
        let mut agents = Vec::new();
        for name in AGENTS {
            let id = AgentId::random();
            self.db.execute(
                "INSERT INTO agent (id, created, updated, tenant_id, name, type, labels, last_queried) \
                 VALUES (?1, ?2, ?2, ?3, ?4, 'LocalAgent', '[\"prod\"]', ?2)",
                &[id.into(), at(self.now), self.tenant.clone(), name.into()],
            )?;
            agents.push(id);
        }
        Ok(agents)
    }

    /// A flow whose tasks follow one another, or ten by ten when there are many.
    fn flow(&mut self, project: ProjectId, name: &str, tasks: &[&str], usual: i64) -> Result<Flow, Error> {
        let (group, id, now) = (FlowGroupId::random(), FlowId::random(), at(self.now));
        self.db.execute(
            "INSERT INTO flow_group (id, created, updated, tenant_id, name) VALUES (?1, ?2, ?2, ?3, ?1)",
            &[group.into(), now.clone(), self.tenant.clone()],
        )?;
        self.db.execute(
            "INSERT INTO flow (id, created, updated, tenant_id, project_id, flow_group_id, version, version_group_id, \
             name, parameters, core_version) VALUES (?1, ?2, ?2, ?3, ?4, ?5, 1, ?5, ?6, ?7, '1.4.1')",
            &[
                id.into(),
                now.clone(),
                self.tenant.clone(),
                project.into(),
                group.into(),
                name.into(),
                "[]".into(),
            ],
        )?;
        let width = if tasks.len() > 20 { 10 } else { 1 };
        let mut ids: Vec<TaskId> = Vec::new();
        for (index, name) in tasks.iter().enumerate() {
            let task = TaskId::random();
            let mapped = Value::Integer(i64::from(width > 1 && index >= width));
            self.db.execute(
                "INSERT INTO task (id, created, updated, tenant_id, flow_id, name, slug, type, max_retries, \"trigger\", \
                 mapped) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, 'prefect.tasks.core.function.FunctionTask', 0, \
                 'prefect.triggers.all_successful', ?7)",
                &[
                    task.into(),
                    now.clone(),
                    self.tenant.clone(),
                    id.into(),
                    (*name).into(),
                    format!("{name}-1").into(),
                    mapped.clone(),
                ],
            )?;
            if index >= width {
                self.db.execute(
                    "INSERT INTO edge (id, created, updated, tenant_id, flow_id, upstream_task_id, downstream_task_id, \
                     key, mapped) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, 'x', ?7)",
                    &[
                        EdgeId::random().into(),
                        now.clone(),
                        self.tenant.clone(),
                        id.into(),
                        ids[index - width].into(),
                        task.into(),
                        mapped,
                    ],
                )?;
            }
            ids.push(task);
        }
        Ok(Flow {
            id,
            tasks: ids,
            usual,
        })
    }
}

fn at(time: Timestamp) -> Value {
    time::format(time).into()
}

fn serialized(state: &str, message: &str) -> String {
    let json: Json = json!({"type": state, "message": message, "context": {"tags": []}, "cached_inputs": {},
        "_result": {"type": "NoResultType", "__version__": "1.4.1"}, "__version__": "1.4.1"});
    json.to_string()
}
