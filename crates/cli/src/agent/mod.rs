//! The agent: it asks for due flow runs over the API and starts one process for each.
//!
//! It is a plain client: it knows no flow, runs no task and shares nothing with the server. Processes outlive
//! it. What it has started it notes in files, so that after a crash the next agent of its name follows the
//! processes that are still there, and reports those that are not.

mod cancelling;
mod charge;
mod notes;
mod obituary;
mod process;
mod queue;
mod registration;
mod rows;
#[cfg(test)]
mod tests;
mod tidying;
mod waiting;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use flowdeck_engine::client::{Client, ClientError};
use flowdeck_vocabulary::FlowRunId;
use tracing::{debug, info, warn};

use crate::data_dir::DataDir;
use crate::failure::Failure;
use charge::Charge;
use notes::Notes;
use obituary::Aftermath;
use registration::Registration;
use rows::Rows;
use tidying::Tidying;
use waiting::Waiting;

pub use registration::{AgentSettings, own_labels};

/// Between two questions for due runs: half of it is what a Quick Run waits on average. A question costs the
/// server a fraction of a millisecond.
const POLL: Duration = Duration::from_millis(400);
/// The same for an API on another machine.
const POLL_REMOTE: Duration = Duration::from_secs(2);
/// The longest pause while the server is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often to look for runs that were asked to stop.
const CANCELLATION_LOOK: Duration = Duration::from_secs(2);

/// An agent at work.
pub struct Agent {
    client: Client,
    settings: AgentSettings,
    folders: Folders,
    notes: Notes,
    charges: BTreeMap<FlowRunId, Charge>,
    waiting: Waiting,
    due_rows: Rows,
    cancelling_rows: Rows,
    contact: queue::Contact,
    registration: Registration,
    tidying: Tidying,
    looked_for_cancellations: Instant,
}

/// Where the processes write.
#[derive(Debug, Clone)]
struct Folders {
    runs: std::path::PathBuf,
    results: std::path::PathBuf,
}

impl Agent {
    /// An agent for this API that keeps its notes in the data folder, and follows what an earlier agent of
    /// its name has started and not seen the end of. Does not talk to the server yet.
    pub fn new(client: Client, settings: AgentSettings, data: &DataDir) -> Result<Self, Failure> {
        let notes = Notes::open(data, &settings.name)?;
        let charges: BTreeMap<_, _> = notes
            .read()
            .into_iter()
            .map(|note| (note.flow_run_id, Charge::adopted(note)))
            .collect();
        if !charges.is_empty() {
            info!(
                "flow runs of an earlier agent that are followed: {}",
                charges.len()
            );
        }
        let folders = Folders {
            runs: data.runs()?,
            results: data.results()?,
        };
        let looked_for_cancellations = Instant::now();
        Ok(Self {
            client,
            settings,
            folders,
            notes,
            charges,
            waiting: Waiting::default(),
            due_rows: Rows::default(),
            cancelling_rows: Rows::default(),
            contact: queue::Contact::default(),
            registration: Registration::default(),
            tidying: Tidying::default(),
            looked_for_cancellations,
        })
    }

    /// Works until something arrives on `stop` or its sender is gone. The processes stay: they go on by
    /// themselves, and the next agent of this name follows them.
    pub fn work(mut self, stop: &Receiver<()>) {
        let poll = if is_local(self.client.url()) {
            POLL
        } else {
            POLL_REMOTE
        };
        let mut away: Option<Duration> = None;
        loop {
            self.tidying.when_due(&self.folders);
            let pause = match self.round() {
                Ok(()) => {
                    if away.take().is_some() {
                        info!("the API at {} answers again", self.client.url());
                    }
                    poll
                }
                Err(error) => {
                    self.contact.lose();
                    // Whatever it was: a server that has lost its data, or the agent, is told again.
                    self.registration = Registration::default();
                    if away.is_none() {
                        warn!("{error}");
                    }
                    let pause = away.map_or(poll, |pause| (pause * 2).min(LONGEST_PAUSE));
                    away = Some(pause);
                    pause
                }
            };
            match stop.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let left = self
            .charges
            .values_mut()
            .filter_map(|charge| charge.is_alive().then_some(()))
            .count();
        if left > 0 {
            info!("flow runs that go on without the agent, for the next one to follow: {left}");
        }
    }

    /// One round: report what has ended, end what was cancelled and cannot by itself, take what is due.
    fn round(&mut self) -> Result<(), ClientError> {
        self.contact.round(crate::time::now());
        let (client, tenant_id) = self.registration.renew(&self.client, &self.settings)?;
        self.report_endings(&client)?;
        self.end_cancelling_runs(&client)?;
        // One that has ended and is still here has a report that the server refuses: it needs no place.
        let at_work = self.charges.values().filter(|charge| charge.ending().is_none());
        let at_work = at_work.count();
        let places = self
            .settings
            .max_runs
            .map_or(usize::MAX, |most| most.saturating_sub(at_work));
        if places == 0 {
            return Ok(());
        }
        let now = crate::time::now();
        let ids = client.runs_in_queue(tenant_id, &self.settings.labels, &crate::time::api_text(now))?;
        let ids: Vec<_> = ids
            .into_iter()
            .filter(|id| !self.charges.contains_key(id))
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let due = queue::look_up(
            &client,
            &ids,
            &mut self.due_rows,
            &mut self.waiting,
            &self.contact,
            now,
        )?;
        for due in due.into_iter().take(places) {
            let name = due.name.clone();
            self.take(&client, due).or_else(|error| {
                unless_passing(error, |error| warn!("flow run '{name}' cannot be taken: {error}"))
            })?;
        }
        Ok(())
    }

    /// Takes one due run: says so to the server, then starts its process.
    fn take(&mut self, client: &Client, due: queue::Due) -> Result<(), ClientError> {
        self.waiting.remove(due.flow_run_id);
        // The note comes before the word to the server: a crash in between leaves a note without a process,
        // which the next agent reads as "taken, but never started".
        let log = self.folders.runs.join(format!("{}.log", due.flow_run_id));
        let mut note = notes::Note::intended(due.flow_run_id, log);
        self.notes.write(&note);
        if let Err(error) = due.submit(client) {
            if error.says("State update failed") {
                self.notes.remove(due.flow_run_id);
                debug!("flow run {} was taken by somebody else", due.name);
                return Ok(());
            }
            // The server may have heard it all the same, so this is looked into like a crash in between.
            let mut charge = Charge::adopted(note);
            if !error.is_passing() {
                charge.put_off_for(charge::LONGEST_PAUSE);
            }
            self.charges.insert(due.flow_run_id, charge);
            return Err(error);
        }
        let started = process::start(&due, &note.log, client.url(), &self.folders.results);
        match started {
            Ok(child) => {
                note.process = Some(process::Identity::of(child.id()));
                self.notes.write(&note);
                info!(
                    "flow run '{}' of '{}' is started: PID {}",
                    due.name,
                    due.flow_name,
                    child.id()
                );
                let words = format!("Submitted for execution: PID {}", child.id());
                self.charges.insert(due.flow_run_id, Charge::started(note, child));
                obituary::log(
                    client,
                    due.flow_run_id,
                    flowdeck_engine::client::LogLevel::Info,
                    words,
                )
            }
            Err(error) => {
                let words = format!(
                    "{} could not be started ({error}). Build it again, or register the flow again from where \
                     it is now.",
                    due.executable.path
                );
                warn!("flow run '{}': {words}", due.name);
                self.charges
                    .insert(due.flow_run_id, Charge::failed_to_start(note, words));
                Ok(())
            }
        }
    }

    /// Reports processes that have ended, and forgets them once the server knows.
    fn report_endings(&mut self, client: &Client) -> Result<(), ClientError> {
        for charge in self.charges.values_mut() {
            charge.look();
        }
        let ended: Vec<FlowRunId> = self
            .charges
            .iter()
            .filter(|(_, charge)| charge.is_to_be_reported())
            .map(|(id, _)| *id)
            .collect();
        for id in ended {
            let Some(charge) = self.charges.get_mut(&id) else {
                continue;
            };
            match obituary::report(client, charge) {
                Ok(Aftermath::Waits(heartbeat)) => self.waiting.add(id, heartbeat),
                Ok(Aftermath::Settled) => {}
                Err(error) => {
                    unless_passing(error, |error| {
                        if charge.put_off() {
                            warn!(
                                "the end of flow run {id} cannot be reported; that is tried again: {error}"
                            );
                        }
                    })?;
                    continue;
                }
            }
            self.charges.remove(&id);
            self.notes.remove(id);
        }
        Ok(())
    }

    /// Ends processes that were asked to stop long ago and are still there, and cancelled runs that have no
    /// process to do it.
    fn end_cancelling_runs(&mut self, client: &Client) -> Result<(), ClientError> {
        if self.looked_for_cancellations.elapsed() < CANCELLATION_LOOK {
            return Ok(());
        }
        self.looked_for_cancellations = Instant::now();
        let now = crate::time::now();
        for run in cancelling::look_up(client, &mut self.cancelling_rows)? {
            if let Some(charge) = self.charges.get_mut(&run.id) {
                if run.is_deaf(now) && charge.is_alive() {
                    warn!(
                        "flow run {} did not stop when it was cancelled; its process is ended",
                        run.id
                    );
                    charge.end();
                }
            } else if run.is_abandoned(self.waiting.contains(run.id), now) {
                let id = run.id;
                obituary::cancel(client, id).or_else(|error| {
                    unless_passing(error, |error| warn!("flow run {id} cannot be cancelled: {error}"))
                })?;
                self.waiting.remove(id);
            }
        }
        Ok(())
    }
}

/// What the server refuses for good is one run's matter: it is told, and the round goes on. Any other error ends it.
fn unless_passing(error: ClientError, tell: impl FnOnce(&ClientError)) -> Result<(), ClientError> {
    if error.is_passing() {
        return Err(error);
    }
    tell(&error);
    Ok(())
}

fn is_local(url: &str) -> bool {
    let host = url.split("://").nth(1).unwrap_or(url);
    ["localhost", "127.", "[::1]"]
        .iter()
        .any(|local| host.starts_with(local))
}
