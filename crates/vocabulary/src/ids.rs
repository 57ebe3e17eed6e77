//! Ids: one type for each noun, so that a task's id cannot be handed where a flow run's is wanted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not a UUID. Names the text and what was expected (contract 1.5: `Could not parse UUID`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseIdError {
    text: String,
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Could not parse UUID: '{}'", self.text)
    }
}

impl std::error::Error for ParseIdError {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id as one number, for tables and keys.
            #[must_use]
            pub fn as_u128(self) -> u128 {
                self.0.as_u128()
            }

            /// The id that is this number.
            #[must_use]
            pub fn from_u128(number: u128) -> Self {
                Self(Uuid::from_u128(number))
            }

            /// A new random id.
            #[cfg(feature = "native")]
            #[must_use]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            /// Accepts any spelling of a UUID; [`Display`](fmt::Display) writes the normal one, lower case
            /// with hyphens.
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError { text: text.chars().take(80).collect() })
            }
        }
    )*};
}

ids! {
    /// A tenant: the owner of everything else. A Flowdeck server makes one, named `default`.
    TenantId,
    /// A project.
    ProjectId,
    /// A flow group: all versions of one flow.
    FlowGroupId,
    /// One version of a flow.
    FlowId,
    /// A task of one version of a flow.
    TaskId,
    /// An edge between two tasks.
    EdgeId,
    /// A run of a flow.
    FlowRunId,
    /// A run of a task, or of one mapped child of it.
    TaskRunId,
    /// An artifact of a task run.
    ArtifactId,
    /// An agent.
    AgentId,
    /// A saved view: a filter of the run history under a name.
    SavedViewId,
    /// A line of a log.
    LogId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_normalised_to_lower_case_with_hyphens() {
        let id: FlowRunId = "E7CFA7EA5E1B4EAC8C9CEF4B4F7FBD7B".parse().unwrap();
        assert_eq!(id.to_string(), "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b");
        assert_eq!(
            serde_json::to_value(id).unwrap(),
            "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b"
        );
    }

    #[test]
    fn a_text_that_is_no_id_is_named_in_the_error() {
        let error = "nonsense".parse::<FlowId>().unwrap_err();
        assert_eq!(error.to_string(), "Could not parse UUID: 'nonsense'");
    }
}
