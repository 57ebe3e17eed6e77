//! Which flows a list shows, and in which order; all of it stands in the URL.

use std::cmp::Ordering;

use super::FlowLine;
use crate::lowercase::lowercase;
use crate::sort;

/// What is shown of a list of flows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowsView {
    /// What their names have in them.
    pub text: String,
    /// Whether archived ones are shown, too.
    pub archived: bool,
    /// The order.
    pub sort: FlowSort,
}

/// The order of a list of flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FlowSort {
    /// By name.
    #[default]
    Name,
    /// What ran last comes first, what never ran last.
    LastRun,
    /// What runs next comes first, what has no next time last.
    NextRun,
    /// What fails comes first, of that what broke last.
    Failing,
}

impl FlowSort {
    /// All orders.
    pub const ALL: [Self; 4] = [Self::Name, Self::LastRun, Self::NextRun, Self::Failing];

    /// Its name in the URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::LastRun => "last-run",
            Self::NextRun => "next-run",
            Self::Failing => "failing",
        }
    }

    /// Its name on screen.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::LastRun => "last run",
            Self::NextRun => "next run",
            Self::Failing => "failing first",
        }
    }
}

impl FlowsView {
    /// What a URL says; `value` answers its query parameters.
    #[must_use]
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let sort = value("sort");
        let sorts = FlowSort::ALL.into_iter();
        Self {
            text: value("q").unwrap_or_default(),
            archived: value("archived").is_some(),
            sort: sorts
                .into_iter()
                .find(|known| sort.as_deref() == Some(known.name()))
                .unwrap_or_default(),
        }
    }

    /// The flows it shows, in their order.
    #[must_use]
    pub fn shown(&self, flows: &[FlowLine]) -> Vec<FlowLine> {
        let text = lowercase(self.text.trim());
        let fits = |flow: &&FlowLine| {
            (self.archived || !flow.archived) && lowercase(&flow.flow.name).contains(&text)
        };
        let mut shown: Vec<FlowLine> = flows.iter().filter(fits).cloned().collect();
        sort::by(&mut shown, |a, b| {
            let by_name = lowercase(&a.flow.name).cmp(&lowercase(&b.flow.name));
            let order = match self.sort {
                FlowSort::Name => Ordering::Equal,
                FlowSort::LastRun => {
                    let last = |flow: &FlowLine| flow.flow.last_run().map(|run| run.scheduled_at);
                    last(b).cmp(&last(a))
                }
                FlowSort::NextRun => match (a.next_at, b.next_at) {
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => b.is_some().cmp(&a.is_some()),
                },
                FlowSort::Failing => b.flow.failing_since().cmp(&a.flow.failing_since()),
            };
            order.then(by_name)
        });
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::super::flow::tests::line;
    use super::*;
    use crate::model::Timestamp;
    use flowdeck_vocabulary::StateType;

    fn names(view: &FlowsView, flows: &[FlowLine]) -> Vec<String> {
        view.shown(flows).into_iter().map(|line| line.flow.name).collect()
    }

    #[test]
    fn flows_are_found_by_a_part_of_their_name_and_sorted() {
        let flow = |name: &str, last: Option<&str>, next: Option<&str>, archived: bool| {
            let runs: Vec<_> = last.into_iter().map(|at| (StateType::Success, at)).collect();
            let mut line = line(&runs);
            line.flow.name = name.to_owned();
            FlowLine {
                next_at: next.and_then(Timestamp::parse),
                archived,
                ..line
            }
        };
        let flows = [
            flow("etl", Some("2026-01-02T00:00:00Z"), None, false),
            flow("Backup", None, Some("2026-01-09T00:00:00Z"), false),
            flow(
                "report",
                Some("2026-01-03T00:00:00Z"),
                Some("2026-01-05T00:00:00Z"),
                false,
            ),
            flow("old etl", None, None, true),
        ];
        let view = |text: &str, archived, sort| FlowsView {
            text: text.to_owned(),
            archived,
            sort,
        };
        let all = FlowsView::default();
        assert_eq!(names(&all, &flows), ["Backup", "etl", "report"]);
        assert_eq!(
            names(&view(" ETL ", true, FlowSort::Name), &flows),
            ["etl", "old etl"]
        );
        assert_eq!(
            names(&view("", false, FlowSort::LastRun), &flows),
            ["report", "etl", "Backup"]
        );
        assert_eq!(
            names(&view("", false, FlowSort::NextRun), &flows),
            ["report", "Backup", "etl"]
        );
    }
}
