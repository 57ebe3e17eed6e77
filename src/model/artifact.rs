//! Artifacts: what a task left for people to read. All of it comes from outside and is hostile until proven otherwise.

use flowdeck_vocabulary::TaskRunId;
use serde_json::Value;

use super::Timestamp;
use crate::sort;

/// What is in an artifact.
#[derive(Debug, Clone, PartialEq)]
pub enum ArtifactContent {
    /// A text in markdown.
    Markdown(String),
    /// An address.
    Link(String),
    /// Anything else.
    Json(Value),
}

impl ArtifactContent {
    /// What data of this kind is. A kind that is not known, or that does not hold what it says, is JSON.
    #[must_use]
    pub fn new(kind: &str, data: Value) -> Self {
        let text = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
        let content = match kind {
            "markdown" => text("markdown").map(Self::Markdown),
            "link" => text("link").map(Self::Link),
            _ => None,
        };
        content.unwrap_or(Self::Json(data))
    }
}

/// Something a task left.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// Tells it from the others.
    pub id: String,
    /// The task run that left it.
    pub task_run_id: TaskRunId,
    /// What that task run is called.
    pub title: String,
    /// What is in it.
    pub content: ArtifactContent,
    /// When it was left.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The artifacts of a run, in the order in which they were left.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Artifacts(Vec<Artifact>);

impl Artifacts {
    /// So many are shown at most.
    pub const MOST: i64 = 200;

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Artifact] {
        &self.0
    }

    /// After which change to ask for more; `None` when there is nothing yet.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        self.0.iter().map(|artifact| artifact.updated_at).max()
    }

    /// The same with those that are new or have changed, and without those whose ids are no longer known.
    #[must_use]
    pub fn with(mut self, changed: Vec<Artifact>, known: &[String]) -> Self {
        self.0
            .retain(|old| known.contains(&old.id) && changed.iter().all(|new| new.id != old.id));
        self.0.extend(changed);
        sort::by(&mut self.0, |a, b| {
            a.created_at.cmp(&b.created_at).then_with(|| a.id.cmp(&b.id))
        });
        self
    }
}

/// The address, if it is one to follow: a script, a file or data in an address is not.
#[must_use]
pub fn safe_link(url: &str) -> Option<&str> {
    let url = url.trim();
    let (scheme, rest) = url.split_once(':')?;
    let is_known = ["http", "https", "mailto"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    (is_known && !rest.is_empty() && !url.contains(char::is_control)).then_some(url)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn artifact(id: &str, second: u32) -> Artifact {
        let at = Timestamp::parse(&format!("2026-11-23T14:00:{second:02}Z")).unwrap();
        Artifact {
            id: id.to_owned(),
            task_run_id: "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b".parse().unwrap(),
            title: String::new(),
            content: ArtifactContent::Json(Value::Null),
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn only_addresses_that_lead_to_pages_and_people_are_followed() {
        for url in ["https://x.org/a?b#c", " HTTP://x ", "mailto:a@b.c"] {
            assert_eq!(safe_link(url), Some(url.trim()), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            " \u{1}javascript:alert(1)",
            "data:text/html,<script>",
            "file:///etc/passwd",
            "//x.org",
            "/elsewhere",
            "https:",
            "https://x\norg",
            "",
        ] {
            assert_eq!(safe_link(url), None, "{url:?}");
        }
    }

    #[test]
    fn what_does_not_hold_what_it_says_is_json() {
        let markdown = ArtifactContent::new("markdown", json!({ "markdown": "# a" }));
        assert_eq!(markdown, ArtifactContent::Markdown("# a".to_owned()));
        for (kind, data) in [
            ("markdown", json!({ "text": "# a" })),
            ("link", json!({ "link": 7 })),
            ("image", json!({ "link": "https://x" })),
            ("markdown", Value::Null),
        ] {
            assert_eq!(
                ArtifactContent::new(kind, data.clone()),
                ArtifactContent::Json(data)
            );
        }
    }

    #[test]
    fn news_take_the_place_of_what_they_change_and_what_is_gone_goes() {
        let known = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let first = Artifacts::default().with(vec![artifact("b", 2), artifact("a", 1)], &known(&["a", "b"]));
        let ids = |all: &Artifacts| all.list().iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&first), ["a", "b"]);
        assert_eq!(first.latest(), Some(artifact("b", 2).updated_at));
        let mut changed = artifact("a", 1);
        changed.content = ArtifactContent::Markdown("new".to_owned());
        let second = first.with(vec![changed.clone(), artifact("c", 3)], &known(&["a", "c"]));
        assert_eq!(ids(&second), ["a", "c"]);
        assert_eq!(second.list()[0], changed);
    }
}
