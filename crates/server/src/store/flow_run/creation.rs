//! Creating a flow run: which flow, which labels, which parameters, and one task run for each task (contract 4.4).

use flowdeck_vocabulary::{FlowId, FlowRunId, Labels, Parameter, StateType, missing_parameters, truthy};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::super::state::create_task_runs;
use super::super::{Db, Row};
use super::{NewState, names, set_flow_run_state};
use crate::error::Error;
use crate::time;

/// What is asked for; everything but the flow may be left out.
#[derive(Debug, Clone, Default)]
pub struct NewFlowRun {
    /// The flow; goes before `version_group_id`.
    pub flow_id: Option<FlowId>,
    /// Stands for the highest version in the group that is not archived.
    pub version_group_id: Option<String>,
    /// Values for parameters. Unknown names are kept.
    pub parameters: Map<String, Json>,
    /// What the run finds in its context.
    pub context: Map<String, Json>,
    /// Which agents may take it.
    pub labels: Option<Labels>,
    /// How an agent starts it.
    pub run_config: Option<Json>,
    /// Not before then; now if not given.
    pub scheduled_start_time: Option<Timestamp>,
    /// Its name; two random words if not given.
    pub name: Option<String>,
    /// A flow run of the same flow with the same key is answered instead of creating one.
    pub idempotency_key: Option<String>,
    /// Whether a schedule asks for it.
    pub auto_scheduled: bool,
}

/// Creates the flow run with its task runs and schedules it, or finds the one with the same idempotency key.
pub fn create(db: &mut dyn Db, now: Timestamp, new: NewFlowRun) -> Result<FlowRunId, Error> {
    let flow = find_flow(db, &new)?;
    if let Some(key) = &new.idempotency_key {
        const SAME_KEY: &str = "SELECT id FROM flow_run WHERE idempotency_key = ?1 AND flow_id = ?2";
        if let Some(id) = db.query_text(SAME_KEY, &[key.into(), flow.id.as_str().into()])? {
            return id.parse().map_err(Error::internal);
        }
    }
    if flow.archived {
        return Err(Error::client(format!("Flow {} is archived.", flow.id)));
    }
    let start = new.scheduled_start_time.unwrap_or(now);
    let labels = flow.labels(&new);
    let run_config = [
        new.run_config.as_ref(),
        Some(&flow.group_run_config),
        Some(&flow.run_config),
    ];
    let run_config = run_config.into_iter().flatten().find(|config| !config.is_null());
    let parameters = flow.parameters(new.parameters)?;
    let id = FlowRunId::random();
    const INSERT: &str = "INSERT INTO flow_run (id, created, updated, tenant_id, flow_id, name, parameters, \
        context, labels, run_config, scheduled_start_time, auto_scheduled, idempotency_key) \
        VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    db.execute(
        INSERT,
        &[
            id.into(),
            time::format(now).into(),
            flow.tenant_id.as_deref().into(),
            flow.id.as_str().into(),
            new.name.unwrap_or_else(names::random).into(),
            (&Json::Object(parameters)).into(),
            (&Json::Object(new.context)).into(),
            serde_json::to_string(&labels).map_err(Error::internal)?.into(),
            run_config.into(),
            time::format(start).into(),
            new.auto_scheduled.into(),
            new.idempotency_key.into(),
        ],
    )?;
    create_task_runs(db, now, id)?;
    let state = NewState::new(StateType::Scheduled, "Flow run scheduled.").starting_at(start);
    set_flow_run_state(db, now, id, &state, None)?;
    Ok(id)
}

/// What a flow and its group say about their runs.
struct Flow {
    id: String,
    tenant_id: Option<String>,
    archived: bool,
    declared: Json,
    run_config: Json,
    environment: Json,
    group_labels: Json,
    group_run_config: Json,
    group_parameters: Json,
}

fn find_flow(db: &mut dyn Db, new: &NewFlowRun) -> Result<Flow, Error> {
    const COLUMNS: &str = "SELECT f.id, f.tenant_id, f.archived, f.parameters, f.run_config, f.environment, \
        g.labels, g.run_config, g.default_parameters \
        FROM flow f JOIN flow_group g ON g.id = f.flow_group_id WHERE f.id = ?1";
    const NEWEST: &str = "SELECT id FROM flow WHERE version_group_id = ?1 AND archived = 0 \
        ORDER BY version DESC LIMIT 1";
    let id = match (new.flow_id, &new.version_group_id) {
        (Some(id), _) => id.to_string(),
        (None, Some(group)) => db
            .query_text(NEWEST, &[group.into()])?
            .ok_or_else(|| Error::client(format!("Version group {group} has no unarchived flows.")))?,
        (None, None) => return Err(Error::client("A flow id or version group ID must be provided.")),
    };
    let row = db.query(COLUMNS, &[id.as_str().into()])?.pop();
    Flow::read(&row.ok_or_else(|| Error::client(format!("Flow {id} not found")))?)
}

impl Flow {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.text(0)?.to_owned(),
            tenant_id: row.optional_text(1)?.map(str::to_owned),
            archived: row.boolean(2)?,
            declared: row.json(3)?,
            run_config: row.json(4)?,
            environment: row.json(5)?,
            group_labels: row.json(6)?,
            group_run_config: row.json(7)?,
            group_parameters: row.json(8)?,
        })
    }

    /// The first of the places that say something about labels. An empty list says something, too.
    fn labels(&self, new: &NewFlowRun) -> Labels {
        let given = new.labels.clone();
        given
            .or_else(|| labels_in(new.run_config.as_ref()?.get("labels")?))
            .or_else(|| labels_in(&self.group_labels))
            .or_else(|| labels_in(self.group_run_config.get("labels")?))
            .or_else(|| labels_in(self.run_config.get("labels")?))
            .or_else(|| labels_in(self.environment.get("labels")?))
            .unwrap_or_default()
    }

    /// Defaults of the flow (only the truthy ones; the client fills in the others), then those of the group,
    /// then what is given.
    fn parameters(&self, given: Map<String, Json>) -> Result<Map<String, Json>, Error> {
        let declared = declared_parameters(&self.declared);
        let defaults = declared
            .iter()
            .filter(|p| truthy(&p.default))
            .map(|p| (p.name.clone(), p.default.clone()));
        let mut parameters: Map<String, Json> = defaults.collect();
        parameters.extend(self.group_parameters.as_object().cloned().unwrap_or_default());
        parameters.extend(given);
        let mut missing: Vec<_> = missing_parameters(&declared, &parameters)
            .map(|n| format!("'{n}'"))
            .collect();
        if !missing.is_empty() {
            missing.sort();
            return Err(Error::client(format!(
                "Required parameters were not supplied: {{{}}}",
                missing.join(", "),
            )));
        }
        for parameter in &declared {
            check_type(parameter, parameters.get(&parameter.name))?;
        }
        Ok(parameters)
    }
}

/// The parameters a flow declares. Entries in a form we do not know are passed over: they bind nobody.
pub fn declared_parameters(json: &Json) -> Vec<Parameter> {
    let entries = json.as_array().map(Vec::as_slice).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| serde_json::from_value(entry.clone()).ok())
        .collect()
}

fn check_type(parameter: &Parameter, value: Option<&Json>) -> Result<(), Error> {
    let (Some(expected), Some(value)) = (parameter.value_type, value) else {
        return Ok(());
    };
    if expected.accepts(value) {
        return Ok(());
    }
    let mut given: String = value.to_string().chars().take(200).collect();
    if given.len() < value.to_string().len() {
        given.push('…');
    }
    Err(Error::client(format!(
        "The parameter '{}' takes a value of type {}, and the given value is {given}.",
        parameter.name,
        expected.word(),
    )))
}

/// The labels in a JSON list; `None` for null or anything else.
fn labels_in(json: &Json) -> Option<Labels> {
    serde_json::from_value(json.clone()).ok()
}
