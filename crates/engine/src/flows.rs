//! The flows a program offers, found by their names.

use crate::flow::Flow;

/// The flows of one program: what its command line registers and runs.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    flows: Vec<Flow>,
}

impl Flows {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// And this one. A later flow of the same name takes the place of the earlier one.
    #[must_use]
    pub fn with(mut self, flow: Flow) -> Self {
        self.flows.retain(|other| other.name() != flow.name());
        self.flows.push(flow);
        self
    }

    /// The flow of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.name() == name)
    }

    /// All of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Flow> {
        self.flows.iter()
    }
}

impl FromIterator<Flow> for Flows {
    fn from_iter<I: IntoIterator<Item = Flow>>(flows: I) -> Self {
        flows.into_iter().fold(Self::new(), Self::with)
    }
}

impl From<Flow> for Flows {
    fn from(flow: Flow) -> Self {
        Self::new().with(flow)
    }
}
