//! What changed between two versions of a flow, by what is registered of each.

use serde_json::{Map, Value};

/// What is registered of a version, each part by the names of what is in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlowContents {
    /// The number of the version.
    pub version: i64,
    /// Declarations by name.
    pub parameters: Map<String, Value>,
    /// What is known of each task, by slug.
    pub tasks: Map<String, Value>,
    /// What is known of each edge, by `upstream → downstream`.
    pub edges: Map<String, Value>,
    /// Clocks in words, and filters.
    pub schedule: Map<String, Value>,
    /// Where its code is.
    pub storage: Map<String, Value>,
    /// How its runs are started.
    pub run_config: Map<String, Value>,
    /// What else there is.
    pub other: Map<String, Value>,
}

/// The part of a version in which something changed.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffPart {
    /// What the part is.
    pub title: &'static str,
    /// What changed, by name.
    pub changes: Vec<Change>,
}

impl DiffPart {
    /// How many things were added, removed and changed: `1 added, 2 changed`.
    #[must_use]
    pub fn summary(&self) -> String {
        let kinds = [ChangeKind::Added, ChangeKind::Removed, ChangeKind::Changed];
        let counts = kinds.iter().filter_map(|kind| {
            let count = self.changes.iter().filter(|change| change.kind == *kind).count();
            (count > 0).then(|| format!("{count} {}", kind.word()))
        });
        counts.collect::<Vec<_>>().join(", ")
    }
}

/// Something that one version has and the other has not, or has otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which of these.
    pub kind: ChangeKind,
    /// What it is called.
    pub name: String,
    /// What is different of it; of what was added or removed, what it was.
    pub details: Vec<Detail>,
}

/// How something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it, with differences.
    Changed,
}

impl ChangeKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    /// The sign for it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Removed => "−",
            Self::Changed => "~",
        }
    }
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Where in the thing it is; empty when it is the thing itself.
    pub field: String,
    /// Its text in the older version.
    pub before: Option<String>,
    /// Its text in the newer version.
    pub after: Option<String>,
}

/// What changed from one version to the other, part by part; empty when nothing did.
#[must_use]
pub fn flow_diff(before: &FlowContents, after: &FlowContents) -> Vec<DiffPart> {
    let mut parts = [
        part("Parameters", &before.parameters, &after.parameters),
        part("Tasks", &before.tasks, &after.tasks),
        part("Edges", &before.edges, &after.edges),
        part("Schedule", &before.schedule, &after.schedule),
        part("Storage", &before.storage, &after.storage),
        part("Run config", &before.run_config, &after.run_config),
        part("Registered with", &before.other, &after.other),
    ];
    // A clock's name says all of it.
    for change in &mut parts[3].changes {
        if change.kind != ChangeKind::Changed && change.details.iter().any(|detail| detail.field == "type") {
            change.details.clear();
        }
    }
    parts
        .into_iter()
        .filter(|part| !part.changes.is_empty())
        .collect()
}

/// What differs between two sets of named things, by name.
fn part(title: &'static str, before: &Map<String, Value>, after: &Map<String, Value>) -> DiffPart {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    crate::sort::by(&mut names, Ord::cmp);
    names.dedup();
    let change = |name: &String| {
        let (old, new) = (before.get(name), after.get(name));
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            (Some(old), Some(new)) if old == new => return None,
            _ => ChangeKind::Changed,
        };
        Some(Change {
            kind,
            name: name.clone(),
            details: details(old, new),
        })
    };
    DiffPart {
        title,
        changes: names.into_iter().filter_map(change).collect(),
    }
}

/// The values that differ between two things.
fn details(before: Option<&Value>, after: Option<&Value>) -> Vec<Detail> {
    let leaves_of = |value: Option<&Value>| {
        let mut leaves = Vec::new();
        if let Some(value) = value {
            collect_leaves(value, String::new(), &mut leaves);
        }
        leaves
    };
    let (old, mut new) = (leaves_of(before), leaves_of(after));
    let mut details = Vec::new();
    for (field, before) in old {
        let at = new.iter().position(|(name, _)| *name == field);
        let after = at.map(|at| new.remove(at).1);
        if after.as_ref() != Some(&before) {
            details.push(Detail {
                field,
                before: Some(before),
                after,
            });
        }
    }
    details.extend(new.into_iter().map(|(field, after)| Detail {
        field,
        before: None,
        after: Some(after),
    }));
    details
}

/// The values in a value, each with the path that leads to it. What is null or empty is not there; a list is one value.
fn collect_leaves(value: &Value, path: String, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        // What is empty is not worth a word where nothing else is said of it.
        Value::Array(list) if list.is_empty() && !path.is_empty() => {}
        Value::Object(map) if map.is_empty() => {}
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                collect_leaves(value, path, leaves);
            }
        }
        // A text that would read as a number or the like keeps its quotes.
        Value::String(text) if serde_json::from_str::<Value>(text).is_err() => {
            leaves.push((path, text.clone()));
        }
        other => leaves.push((path, crate::json::compact(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    /// The changes as one reads them: `~ add: retries 0 → 3`.
    fn read(before: Value, after: Value) -> Vec<String> {
        let lines = part("", &map(before), &map(after))
            .changes
            .into_iter()
            .map(|change| {
                let details = change.details.into_iter().map(|detail| {
                    let text = |text: Option<String>| text.unwrap_or_else(|| "∅".to_owned());
                    format!(
                        "{} {} → {}",
                        detail.field,
                        text(detail.before),
                        text(detail.after)
                    )
                });
                let details: Vec<String> = details.collect();
                format!("{} {}: {}", change.kind.sign(), change.name, details.join(", "))
            });
        lines.collect()
    }

    #[test]
    fn what_was_added_removed_and_changed_is_told_by_name() {
        for (before, after, expected) in [
            (json!({}), json!({}), vec![]),
            (json!({"a": {"retries": 0}}), json!({"a": {"retries": 0}}), vec![]),
            (
                json!({"b": {"retries": 0, "trigger": "all"}, "a": {"type": "T"}}),
                json!({"b": {"retries": 3, "trigger": "all"}, "c": {"type": "T"}}),
                vec!["− a: type T → ∅", "~ b: retries 0 → 3", "+ c: type ∅ → T"],
            ),
            (
                json!({"day": {"required": true, "default": null}}),
                json!({"day": {"required": false, "default": "monday"}}),
                vec!["~ day: required true → false, default ∅ → monday"],
            ),
            (
                json!({"env": {"A": "1", "B": {"C": 2}}, "labels": ["x"]}),
                json!({"env": {"A": "1", "B": {"C": 3}}, "labels": ["x", "y"]}),
                vec!["~ env: B.C 2 → 3", "~ labels:  [\"x\"] → [\"x\",\"y\"]"],
            ),
            (
                json!({"image": "a:1"}),
                json!({"image": "a:2"}),
                vec!["~ image:  a:1 → a:2"],
            ),
            // Text and number differ, also where they read alike.
            (json!({"n": 1}), json!({"n": "1"}), vec!["~ n:  1 → \"1\""]),
        ] {
            assert_eq!(read(before.clone(), after.clone()), expected, "{before} {after}");
        }
    }

    #[test]
    fn only_parts_in_which_something_changed_are_named() {
        let task = |retries: i64| map(json!({ "add-1": { "retries": retries }, "sum-1": {} }));
        let before = FlowContents {
            tasks: task(0),
            ..FlowContents::default()
        };
        let mut after = FlowContents {
            version: 2,
            tasks: task(3),
            edges: map(json!({ "add-1 → sum-1": {} })),
            ..FlowContents::default()
        };
        let diff = flow_diff(&before, &after);
        let titles: Vec<_> = diff.iter().map(|part| (part.title, part.summary())).collect();
        assert_eq!(
            titles,
            [("Tasks", "1 changed".to_owned()), ("Edges", "1 added".to_owned())]
        );
        after = FlowContents {
            version: 2,
            ..before.clone()
        };
        assert_eq!(
            flow_diff(&before, &after),
            [],
            "another number alone is no difference"
        );
    }
}
