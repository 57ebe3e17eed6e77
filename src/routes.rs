//! Every URL of the dashboard: printed here, parsed here, and nowhere else spelled out.

use std::fmt;

use flowdeck_vocabulary::{FlowId, FlowRunId, ProjectId, TaskId, TaskRunId};

/// A place in the dashboard. [`Display`](fmt::Display) writes its URL, [`Route::parse`] reads one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// What fails, runs and comes, and each flow in a line.
    Home,
    /// All flows by project.
    Flows,
    /// The flows of one project.
    Project(ProjectId),
    /// One flow; the id of a version, or of the flow group, which stands for its newest version.
    Flow(FlowId, FlowTab),
    /// The latest flow runs; `None` is every state.
    Runs(Option<String>),
    /// One run of a flow.
    FlowRun(FlowRunId, FlowRunTab),
    /// One run of a task.
    TaskRun(TaskRunId),
    /// The agents and what they can take.
    Agents,
}

/// The tabs of the flow page; the first one has no name in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FlowTab {
    /// Description, schedule, parameters and settings.
    #[default]
    Overview,
    /// Its tasks and how they depend on one another, as a picture.
    Schematic,
    /// Its latest runs.
    Runs,
    /// Its tasks.
    Tasks,
}

/// The tabs of the flow run page; the first one has no name in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FlowRunTab {
    /// Every task run and its state.
    #[default]
    TaskRuns,
    /// The tasks and how they depend on one another, as a live picture.
    Schematic,
    /// What the run wrote.
    Logs,
    /// Parameters, context, and the history of states.
    Details,
}

/// A tab with its name in the URL.
pub trait Tab: Copy + Default + PartialEq + 'static {
    /// All tabs, in the order in which they are shown.
    const ALL: &'static [Self];

    /// The name in the URL, `?tab=…`.
    fn name(self) -> &'static str;

    /// The tab of this name; the first one when there is none.
    #[must_use]
    fn named(name: Option<&str>) -> Self {
        Self::ALL
            .iter()
            .copied()
            .find(|tab| Some(tab.name()) == name)
            .unwrap_or_default()
    }
}

impl Tab for FlowTab {
    const ALL: &'static [Self] = &[Self::Overview, Self::Schematic, Self::Runs, Self::Tasks];

    fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Schematic => "schematic",
            Self::Runs => "runs",
            Self::Tasks => "tasks",
        }
    }
}

impl Tab for FlowRunTab {
    const ALL: &'static [Self] = &[Self::TaskRuns, Self::Schematic, Self::Logs, Self::Details];

    fn name(self) -> &'static str {
        match self {
            Self::TaskRuns => "task-runs",
            Self::Schematic => "schematic",
            Self::Logs => "logs",
            Self::Details => "details",
        }
    }
}

impl Route {
    /// One flow, at its first tab.
    #[must_use]
    pub fn flow(id: FlowId) -> Self {
        Self::Flow(id, FlowTab::default())
    }

    /// One flow run, at its first tab.
    #[must_use]
    pub fn flow_run(id: FlowRunId) -> Self {
        Self::FlowRun(id, FlowRunTab::default())
    }

    /// The URL with a task selected in it.
    #[must_use]
    pub fn with_task(&self, task: Option<TaskId>) -> String {
        let url = self.to_string();
        match task {
            None => url,
            Some(task) => format!("{url}{}task={task}", if url.contains('?') { '&' } else { '?' }),
        }
    }

    /// The place a URL stands for (path and query, no host); `None` when there is none.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let value = |name| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(k, _)| *k == name)
        };
        let tab = value("tab").map(|(_, v)| v);
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let route = match (parts.next(), parts.next()) {
            (None, None) => Self::Home,
            (Some("flows"), None) => Self::Flows,
            (Some("runs"), None) => Self::Runs(value("state").map(|(_, v)| v.to_owned())),
            (Some("agents"), None) => Self::Agents,
            (Some("project"), Some(id)) => Self::Project(id.parse().ok()?),
            (Some("flow"), Some(id)) => Self::Flow(id.parse().ok()?, FlowTab::named(tab)),
            (Some("flow-run"), Some(id)) => Self::FlowRun(id.parse().ok()?, FlowRunTab::named(tab)),
            (Some("task-run"), Some(id)) => Self::TaskRun(id.parse().ok()?),
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }
}

fn with_tab<T: Tab>(f: &mut fmt::Formatter<'_>, tab: T) -> fmt::Result {
    if tab == T::default() {
        Ok(())
    } else {
        write!(f, "?tab={}", tab.name())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("/"),
            Self::Flows => f.write_str("/flows"),
            Self::Project(id) => write!(f, "/project/{id}"),
            Self::Flow(id, tab) => {
                write!(f, "/flow/{id}")?;
                with_tab(f, *tab)
            }
            Self::Runs(None) => f.write_str("/runs"),
            Self::Runs(Some(state)) => write!(f, "/runs?state={state}"),
            Self::FlowRun(id, tab) => {
                write!(f, "/flow-run/{id}")?;
                with_tab(f, *tab)
            }
            Self::TaskRun(id) => write!(f, "/task-run/{id}"),
            Self::Agents => f.write_str("/agents"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";

    fn every_route() -> Vec<Route> {
        let mut routes = vec![
            Route::Home,
            Route::Flows,
            Route::Project(ID.parse().unwrap()),
            Route::Runs(None),
            Route::Runs(Some("failed".to_owned())),
            Route::TaskRun(ID.parse().unwrap()),
            Route::Agents,
        ];
        routes.extend(
            FlowTab::ALL
                .iter()
                .map(|tab| Route::Flow(ID.parse().unwrap(), *tab)),
        );
        routes.extend(
            FlowRunTab::ALL
                .iter()
                .map(|tab| Route::FlowRun(ID.parse().unwrap(), *tab)),
        );
        routes
    }

    #[test]
    fn every_route_reads_back_as_it_was_written() {
        for route in every_route() {
            assert_eq!(Route::parse(&route.to_string()), Some(route.clone()), "{route}");
        }
    }

    #[test]
    fn urls_are_these() {
        let urls: Vec<String> = every_route()
            .iter()
            .map(|route| route.to_string().replace(ID, ":id"))
            .collect();
        assert_eq!(
            urls,
            [
                "/",
                "/flows",
                "/project/:id",
                "/runs",
                "/runs?state=failed",
                "/task-run/:id",
                "/agents",
                "/flow/:id",
                "/flow/:id?tab=schematic",
                "/flow/:id?tab=runs",
                "/flow/:id?tab=tasks",
                "/flow-run/:id",
                "/flow-run/:id?tab=schematic",
                "/flow-run/:id?tab=logs",
                "/flow-run/:id?tab=details",
            ]
        );
    }

    #[test]
    fn a_selected_task_is_part_of_the_url() {
        let task = Some(ID.parse().unwrap());
        let run = Route::FlowRun(ID.parse().unwrap(), FlowRunTab::Schematic);
        assert_eq!(run.with_task(None), run.to_string());
        assert_eq!(run.with_task(task), format!("{run}&task={ID}"));
        assert_eq!(Route::parse(&run.with_task(task)), Some(run));
        assert_eq!(
            Route::flow(ID.parse().unwrap()).with_task(task),
            format!("/flow/{ID}?task={ID}")
        );
    }

    #[test]
    fn what_is_no_place_is_not_found() {
        for url in [
            "/nowhere",
            "/flow",
            "/flow/12",
            "/flow-run/x?tab=logs",
            "/runs/all/of/them",
        ] {
            assert_eq!(Route::parse(url), None, "{url}");
        }
        assert_eq!(
            Route::parse(&format!("/flow/{ID}?tab=dance")),
            Some(Route::flow(ID.parse().unwrap()))
        );
    }
}
