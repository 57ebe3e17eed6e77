//! Projects: what they hold, and what may be written in their form.

use flowdeck_vocabulary::{ProjectId, shell};

use crate::{format, sort};

/// A project.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

/// The names that flows of more than one project have, in their order.
#[must_use]
pub fn shared_flow_names<'a>(flows: impl Iterator<Item = (&'a str, ProjectId)>) -> Vec<String> {
    let mut flows: Vec<_> = flows.collect();
    sort::by(&mut flows, Ord::cmp);
    flows.dedup();
    let pairs = flows.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let mut names: Vec<String> = pairs.map(|pair| pair[0].0.to_owned()).collect();
    names.dedup();
    names
}

/// How much is in a project, and is lost with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectContents {
    /// Its flows.
    pub flows: usize,
    /// The versions of all its flows.
    pub versions: usize,
    /// The runs of all its flows.
    pub runs: usize,
}

impl ProjectContents {
    /// What goes with it, in words.
    #[must_use]
    pub fn words(self) -> String {
        if self.versions == 0 {
            return "It has no flows; nothing else is lost.".to_owned();
        }
        format!(
            "With it go {}, {} and {}, with states, logs and artifacts. There is no way back.",
            format::counted(self.flows, "flow"),
            format::counted(self.versions, "version"),
            format::counted(self.runs, "run"),
        )
    }
}

/// What is written in the form of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectDraft {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

impl ProjectDraft {
    /// The longest name, in letters.
    pub const LONGEST_NAME: usize = 50;

    /// What was typed, without the blanks around it.
    #[must_use]
    pub fn new(name: &str, description: &str) -> Self {
        let description = description.trim();
        Self {
            name: name.trim().to_owned(),
            description: (!description.is_empty()).then(|| description.to_owned()),
        }
    }

    /// What is wrong with the name; `taken` are the names of the other projects.
    #[must_use]
    pub fn problem(&self, taken: &[String]) -> Option<String> {
        let length = self.name.chars().count();
        if length == 0 {
            Some("A project needs a name.".to_owned())
        } else if length > Self::LONGEST_NAME {
            let most = Self::LONGEST_NAME;
            Some(format!(
                "A name has at most {most} letters; this one has {length}."
            ))
        } else if taken.contains(&self.name) {
            Some("There is a project of this name already.".to_owned())
        } else {
            None
        }
    }
}

/// The commands that register a flow into a project: of a Rust program, and of a Python file.
#[must_use]
pub fn register_commands(project: &str) -> [String; 2] {
    let project = shell::option("--project", project);
    [
        format!("cargo run -- register{project}"),
        format!("prefect backend server && prefect register{project} --path flow.py"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shared_by_flows_of_different_projects() {
        let project = |last: u8| {
            format!("00000000-0000-0000-0000-00000000000{last}")
                .parse()
                .unwrap()
        };
        let flows = [
            ("load", project(1)),
            ("etl", project(1)),
            ("load", project(2)),
            ("etl", project(1)),
            ("load", project(3)),
        ];
        assert_eq!(shared_flow_names(flows.into_iter()), ["load"]);
        assert!(shared_flow_names([].into_iter()).is_empty());
    }

    #[test]
    fn a_name_is_needed_short_and_not_taken() {
        let taken = ["etl".to_owned()];
        let problem = |name: &str| ProjectDraft::new(name, "").problem(&taken);
        assert_eq!(problem("reports"), None);
        assert_eq!(problem(&"ü".repeat(50)), None);
        assert!(problem(&"x".repeat(51)).is_some_and(|why| why.contains("51")));
        assert!(problem("  ").is_some_and(|why| why.contains("needs a name")));
        assert!(problem(" etl ").is_some_and(|why| why.contains("already")));
    }

    #[test]
    fn an_empty_description_is_none() {
        assert_eq!(ProjectDraft::new("a", " \n").description, None);
        assert_eq!(ProjectDraft::new("a", " b ").description.as_deref(), Some("b"));
    }

    #[test]
    fn what_goes_with_a_project_is_counted() {
        let words = |flows, versions, runs| {
            ProjectContents {
                flows,
                versions,
                runs,
            }
            .words()
        };
        assert!(words(0, 0, 0).contains("no flows"));
        assert!(words(1, 3, 1_204).contains("1 flow, 3 versions and 1,204 runs"));
    }

    #[test]
    fn a_project_is_one_word_of_a_command() {
        assert_eq!(register_commands("etl")[0], "cargo run -- register --project etl");
        assert_eq!(
            register_commands("-etl")[0],
            "cargo run -- register --project=-etl"
        );
        assert!(register_commands("it's mine")[1].contains(r"--project 'it'\''s mine' --path"));
    }
}
