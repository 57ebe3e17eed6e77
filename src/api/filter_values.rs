//! Names that the run history can be filtered by.

use graphql_client::GraphQLQuery;

use super::row::{Row, labels};
use super::scalars::Jsonb;
use super::{ApiError, post};
use crate::model::{FilterKind, KnownValues};

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "src/api/filter_values.graphql",
    normalization = "rust"
)]
struct GetFilterValues;

/// The most versions that are offered: the newest.
const MOST_VERSIONS: i64 = 100;

/// How many flows, projects and agents are asked for, as the document has it.
const MOST: [(&str, FilterKind, usize); 3] = [
    ("flow", FilterKind::Flow, 1000),
    ("project", FilterKind::Project, 500),
    ("agent", FilterKind::Agent, 200),
];

/// What flows, projects and agents there are, and which labels they have.
pub async fn filter_values() -> Result<KnownValues, ApiError> {
    let data = post::<GetFilterValues>(get_filter_values::Variables).await?;
    let data = Row(&data);
    let mut known = KnownValues::default();
    let mut newest = 0;
    for flow in data.rows("flow") {
        known.flows.push(flow.text("name")?);
        newest = newest.max(flow.whole("version").unwrap_or(0));
        let own = flow
            .json("run_config")
            .get("labels")
            .map(labels)
            .unwrap_or_default();
        known.labels.extend(own.iter().map(str::to_owned));
        if let Some(group) = flow.some_row("flow_group") {
            known
                .labels
                .extend(group.labels("labels").iter().map(str::to_owned));
        }
    }
    known.versions = (1.max(newest - MOST_VERSIONS + 1)..=newest).collect();
    let full = MOST
        .iter()
        .filter(|(name, _, most)| data.rows(name).count() >= *most);
    known.cut = full.map(|(_, kind, _)| *kind).collect();
    if newest > MOST_VERSIONS {
        known.cut.push(FilterKind::Version);
    }
    // Labels are those of flows and agents.
    if known.cut.contains(&FilterKind::Flow) || known.cut.contains(&FilterKind::Agent) {
        known.cut.push(FilterKind::Label);
    }
    for project in data.rows("project") {
        known.projects.push(project.text("name")?);
    }
    for agent in data.rows("agent") {
        known.agents.push(agent.text_or_empty("name"));
        known
            .labels
            .extend(agent.labels("labels").iter().map(str::to_owned));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_those_of_the_document() {
        let document = include_str!("filter_values.graphql");
        for (name, _, most) in MOST {
            let line = document
                .lines()
                .find(|line| line.trim_start().starts_with(&format!("{name}(")))
                .unwrap_or_default();
            assert!(line.contains(&format!("limit: {most})")), "{name}: {line}");
        }
    }
}
