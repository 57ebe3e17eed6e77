//! Drawings of a flow: Graphviz DOT for other tools, SVG to look at, coloured by state when given a run.

mod dot;
mod layers;
mod svg;

use flowdeck_vocabulary::StateType;

use crate::flow::Flow;
use crate::flow_runner::FlowRunResult;
use crate::task::Kind;

/// A drawing of a flow.
///
/// ```
/// # use flowdeck_engine::{Drawing, Flow, task};
/// # #[task] fn hello() {}
/// # let flow = Flow::build("f", |flow| hello::call(flow)).unwrap();
/// let run = flow.run().unwrap();
/// let svg = Drawing::of(&flow).with_states(&run).svg();
/// assert!(svg.starts_with("<svg "));
/// ```
#[derive(Debug, Clone)]
pub struct Drawing {
    name: String,
    boxes: Vec<TaskBox>,
    arrows: Vec<Arrow>,
}

#[derive(Debug, Clone)]
struct TaskBox {
    slug: String,
    label: String,
    mapped: bool,
    parameter: bool,
    /// The state, and with it what the drawing says under the name.
    state: Option<(StateType, String)>,
}

#[derive(Debug, Clone)]
struct Arrow {
    from: usize,
    to: usize,
    label: String,
    mapped: bool,
}

impl Flow {
    /// The flow as Graphviz DOT. [`Drawing`] also does SVG, and colours by the states of a run.
    #[must_use]
    pub fn visualize(&self) -> String {
        Drawing::of(self).dot()
    }
}

impl Drawing {
    /// The flow's tasks and edges.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        let boxes = flow.plan.tasks.iter().map(|task| TaskBox {
            slug: task.slug.clone(),
            label: if task.mapped {
                format!("{} [mapped]", task.definition.name)
            } else {
                task.definition.name.clone()
            },
            mapped: task.mapped,
            parameter: matches!(task.definition.kind, Kind::Parameter(_)),
            state: None,
        });
        let arrows = flow.plan.edges.iter().map(|edge| Arrow {
            from: edge.upstream,
            to: edge.downstream,
            label: edge.key.clone().unwrap_or_default(),
            mapped: edge.mapped,
        });
        Self {
            name: flow.name().to_owned(),
            boxes: boxes.collect(),
            arrows: arrows.collect(),
        }
    }

    /// Coloured by how the task runs ended. A mapped task has the colour of its worst child.
    #[must_use]
    pub fn with_states(mut self, run: &FlowRunResult) -> Self {
        for task in &mut self.boxes {
            let Some(parent) = run.task_run(&task.slug) else {
                continue;
            };
            let children: Vec<StateType> = run
                .children(&task.slug)
                .map(|child| child.state.state_type)
                .collect();
            let worst = children.iter().copied().find(|state| state.is_failed());
            let state = worst.unwrap_or(parent.state.state_type);
            let said = match children.len() {
                0 => state.name().to_owned(),
                all => {
                    let well = children.iter().filter(|state| state.is_successful()).count();
                    format!("{well} of {all} succeeded")
                }
            };
            task.state = Some((state, said));
        }
        self
    }

    /// As Graphviz DOT.
    #[must_use]
    pub fn dot(&self) -> String {
        dot::dot(self)
    }

    /// As SVG, laid out in layers from top to bottom.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::svg(self)
    }
}
