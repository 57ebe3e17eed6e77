//! Agents: what the dashboard asks the server about them.

use flowdeck_vocabulary::AgentId;
use graphql_client::GraphQLQuery;

use super::row::Row;
use super::scalars::{Jsonb, Timestamptz, Uuid};
use super::{ApiError, fragments, post};
use crate::model::Agent;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/agent.graphql",
    normalization = "rust"
)]
struct GetAgents;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/agent.graphql",
    normalization = "rust"
)]
struct DeleteAgent;

/// The agents, the one that asked last first. At most 100.
pub async fn agents() -> Result<Vec<Agent>, ApiError> {
    let data = post::<GetAgents>(get_agents::Variables {}).await?;
    Row(&data).list("agent", fragments::agent)
}

/// Forgets an agent; one that is gone already is as good as forgotten.
pub async fn delete_agent(agent_id: AgentId) -> Result<(), ApiError> {
    let variables = delete_agent::Variables {
        agent_id: agent_id.to_string(),
    };
    post::<DeleteAgent>(variables).await.map(|_| ())
}
