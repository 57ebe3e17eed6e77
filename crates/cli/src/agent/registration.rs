//! Registration: how the server knows the agent, and how often it is reminded.

use std::time::{Duration, Instant};

use flowdeck_engine::client::{AgentRegistration, Client, ClientError, VERSION};
use flowdeck_vocabulary::{EXECUTABLE_AGENT, Labels, TenantId};
use tracing::info;

/// How often to register again, in case somebody deleted the agent.
const RENEWAL: Duration = Duration::from_secs(60);

/// What an agent is told at its start.
#[derive(Debug, Clone)]
pub struct AgentSettings {
    /// The name people see.
    pub name: String,
    /// Which flow runs it may take.
    pub labels: Labels,
    /// How many processes at a time; no limit if `None`.
    pub max_runs: Option<usize>,
}

/// The labels every agent of Flowdeck has: what the host's own flows ask for.
pub fn own_labels(hostname: bool) -> Vec<String> {
    let mut labels = vec!["rust".to_owned()];
    if hostname {
        labels.push(flowdeck_engine::this_machine());
    }
    labels
}

/// What the server answered when the agent registered; nothing before that.
#[derive(Debug, Default)]
pub struct Registration(Option<Registered>);

#[derive(Debug)]
struct Registered {
    client: Client,
    tenant_id: TenantId,
    at: Instant,
}

impl Registration {
    /// A client that names the agent, and its tenant; registered now, or not long ago.
    pub fn renew(
        &mut self,
        client: &Client,
        settings: &AgentSettings,
    ) -> Result<(Client, TenantId), ClientError> {
        if let Some(registered) = self
            .0
            .as_ref()
            .filter(|registered| registered.at.elapsed() < RENEWAL)
        {
            return Ok((registered.client.clone(), registered.tenant_id));
        }
        let id = client.register_agent(&AgentRegistration {
            agent_type: EXECUTABLE_AGENT.to_owned(),
            name: settings.name.clone(),
            labels: settings.labels.clone(),
        })?;
        if self.0.is_none() {
            let labels: Vec<&str> = settings.labels.iter().collect();
            info!(
                "agent '{}' {VERSION} takes runs with the labels [{}]",
                settings.name,
                labels.join(", ")
            );
        }
        let client = client.clone().with_agent_id(id);
        let tenant_id = client.tenant_id()?;
        self.0 = Some(Registered {
            client: client.clone(),
            tenant_id,
            at: Instant::now(),
        });
        Ok((client, tenant_id))
    }
}
