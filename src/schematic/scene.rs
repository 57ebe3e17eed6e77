//! What is drawn of a flow: its tasks without those that are hidden, laid out, and the lines as SVG paths. Plain
//! data, computed once; states only color it.

use std::fmt::Write as _;

use super::label::text_width;
use super::layout::{Layout, Line, Point, Rect, Size, layout};
use super::viewport::{Extent, Viewport};
use crate::model::{Direction, TaskGraph};

/// A card's height with a line about its run, and without.
const HEIGHT_OF_RUN: f64 = 52.0;
const HEIGHT: f64 = 40.0;
/// The least and the most width of a card. All have the same, so that they line up. That of a run has room for the
/// longest state with a time, and for the attempts.
const NARROWEST: f64 = 148.0;
const NARROWEST_OF_RUN: f64 = 196.0;
const WIDEST: f64 = 248.0;
/// What a card needs beside the name.
const BESIDE_NAME: f64 = 56.0;
/// How cards look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Whether there is a line about the run.
    pub of_run: bool,
    /// How wide the letters of the font are, by those of a usual one.
    pub letters: f64,
}

/// What is seen at once on a usual screen: by it the direction is chosen.
const USUAL_WINDOW: Extent = Extent {
    width: 1_200.0,
    height: 460.0,
};
use crate::sort;

/// What the picture shows. Tasks are numbered by their place among those shown; [`Scene::tasks`] leads back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    /// The place in [`TaskGraph::tasks`] of each task shown.
    pub tasks: Vec<usize>,
    /// Where they are.
    pub layout: Layout,
    /// Which way the work flows.
    pub direction: Direction,
    /// All lines.
    pub lines: String,
    /// The lines over which tasks are mapped.
    pub mapped_lines: String,
    /// The tips of the lines.
    pub tips: String,
    places: Vec<Option<usize>>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
}

/// A step of the selection, as the arrow keys say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the left on the screen.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl Scene {
    /// The scene of a flow without the tasks that are `hidden`, by their places in the graph. `direction` is chosen
    /// by the form of the picture when it is `None`.
    #[must_use]
    pub fn new(graph: &TaskGraph, hidden: &[bool], look: Look, direction: Option<Direction>) -> Self {
        let tasks: Vec<usize> = (0..hidden.len()).filter(|&task| !hidden[task]).collect();
        let mut places = vec![None; hidden.len()];
        for (place, &task) in tasks.iter().enumerate() {
            places[task] = Some(place);
        }
        let edges = contracted(graph, hidden, &places);
        let height = if look.of_run { HEIGHT_OF_RUN } else { HEIGHT };
        let size = Size {
            width: card_width(graph, &tasks, look),
            height,
        };
        let sizes = vec![size; tasks.len()];
        let pairs: Vec<(usize, usize)> = edges.iter().map(|edge| (edge.0, edge.1)).collect();
        let (direction, layout) = match direction {
            Some(direction) => (direction, layout(&sizes, &pairs, direction)),
            None => better(&sizes, &pairs),
        };
        let mut above = vec![Vec::new(); tasks.len()];
        let mut below = vec![Vec::new(); tasks.len()];
        for &(from, to) in &pairs {
            below[from].push(to);
            above[to].push(from);
        }
        let mut scene = Self {
            tasks,
            direction,
            places,
            above,
            below,
            ..Self::default()
        };
        let mapped: Vec<(usize, usize)> = edges
            .iter()
            .filter(|edge| edge.2)
            .map(|edge| (edge.0, edge.1))
            .collect();
        for line in &layout.lines {
            scene.draw(line, &mut |scene| &mut scene.lines);
            if mapped.binary_search(&(line.from, line.to)).is_ok() {
                scene.draw(line, &mut |scene| &mut scene.mapped_lines);
            }
            tip(&mut scene.tips, line, direction);
        }
        scene.layout = layout;
        scene
    }

    /// Width and height of the picture.
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            width: self.layout.width,
            height: self.layout.height,
        }
    }

    /// The number of a task of the graph, unless it is hidden.
    #[must_use]
    pub fn place(&self, task: usize) -> Option<usize> {
        self.places.get(task).copied().flatten()
    }

    /// A task with all that is up- and downstream of it.
    #[must_use]
    pub fn related(&self, task: usize) -> Related {
        let upstream = reach(task, &self.above);
        let downstream = reach(task, &self.below);
        let mut lines = String::new();
        let mut tips = String::new();
        for line in &self.layout.lines {
            let leads_here = upstream[line.from] && upstream[line.to];
            let leads_away = downstream[line.from] && downstream[line.to];
            if leads_here || leads_away {
                path(&mut lines, line, self.direction);
                tip(&mut tips, line, self.direction);
            }
        }
        let tasks = upstream
            .iter()
            .zip(&downstream)
            .map(|(up, down)| *up || *down)
            .collect();
        Related { tasks, lines, tips }
    }

    /// The task at a point of the picture.
    #[must_use]
    pub fn task_at(&self, at: Point) -> Option<usize> {
        let holds = |rect: &Rect| {
            (rect.x..rect.x + rect.width).contains(&at.x) && (rect.y..rect.y + rect.height).contains(&at.y)
        };
        self.layout.boxes.iter().position(holds)
    }

    /// The task whose middle is nearest to a point of the picture.
    #[must_use]
    pub fn nearest(&self, at: Point) -> Option<usize> {
        let distance =
            |rect: &Rect| (rect.x + rect.width / 2.0 - at.x).hypot(rect.y + rect.height / 2.0 - at.y);
        let boxes = self.layout.boxes.iter().enumerate();
        boxes
            .min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)))
            .map(|(task, _)| task)
    }

    /// The tasks of which at least a corner lies in a part of the picture.
    pub fn tasks_in(&self, part: Rect) -> impl Iterator<Item = usize> {
        let is_in = move |rect: &Rect| {
            rect.x < part.x + part.width
                && part.x < rect.x + rect.width
                && rect.y < part.y + part.height
                && part.y < rect.y + rect.height
        };
        self.layout
            .boxes
            .iter()
            .enumerate()
            .filter(move |(_, rect)| is_in(rect))
            .map(|(task, _)| task)
    }

    /// The task that an arrow key leads to: along an edge in the direction of the work, to the next one of the
    /// layer across it.
    #[must_use]
    pub fn step(&self, from: usize, step: Step) -> Option<usize> {
        let step = match (self.direction, step) {
            (Direction::Down, step) => step,
            (Direction::Right, Step::Left) => Step::Up,
            (Direction::Right, Step::Right) => Step::Down,
            (Direction::Right, Step::Up) => Step::Left,
            (Direction::Right, Step::Down) => Step::Right,
        };
        let across = |task: usize| {
            let rect = self.layout.boxes[task];
            match self.direction {
                Direction::Down => rect.x,
                Direction::Right => rect.y,
            }
        };
        let distance = |&task: &usize| (across(task) - across(from)).abs();
        let nearest =
            |tasks: &mut dyn Iterator<Item = usize>| tasks.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let layer = self.layout.boxes[from];
        let beside = |task: &usize| {
            let rect = self.layout.boxes[*task];
            match self.direction {
                Direction::Down => rect.y == layer.y,
                Direction::Right => rect.x == layer.x,
            }
        };
        let all = 0..self.tasks.len();
        match step {
            Step::Up => nearest(&mut self.above[from].iter().copied()),
            Step::Down => nearest(&mut self.below[from].iter().copied()),
            Step::Left => nearest(&mut all.filter(beside).filter(|&task| across(task) < across(from))),
            Step::Right => nearest(&mut all.filter(beside).filter(|&task| across(task) > across(from))),
        }
    }

    /// One path of blocks for each kind that tasks are told apart by, in the order of the kinds.
    pub fn blocks<K: Ord>(&self, kind: impl Fn(usize) -> K) -> Vec<(K, String)> {
        let mut paths = std::collections::BTreeMap::<K, String>::new();
        for (task, rect) in self.layout.boxes.iter().enumerate() {
            let path = paths.entry(kind(task)).or_default();
            let _ = write!(
                path,
                "M{} {}h{}v{}h-{}z",
                rect.x, rect.y, rect.width, rect.height, rect.width
            );
        }
        paths.into_iter().collect()
    }

    fn draw(&mut self, line: &Line, into: &mut dyn FnMut(&mut Self) -> &mut String) {
        let direction = self.direction;
        path(into(self), line, direction);
    }
}

/// A task and everything up- and downstream of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Related {
    /// Whether each task is one of them.
    pub tasks: Vec<bool>,
    /// The lines between them.
    pub lines: String,
    /// The tips of those lines.
    pub tips: String,
}

/// The layout that can be shown larger; from top to bottom when there is little between them.
fn better(sizes: &[Size], edges: &[(usize, usize)]) -> (Direction, Layout) {
    let scale = |picture: &Layout| {
        Viewport::fit(
            Extent {
                width: picture.width,
                height: picture.height,
            },
            USUAL_WINDOW,
        )
        .scale
    };
    let down = layout(sizes, edges, Direction::Down);
    if scale(&down) >= 0.9 {
        return (Direction::Down, down);
    }
    let right = layout(sizes, edges, Direction::Right);
    if scale(&right) > scale(&down) * 1.15 {
        (Direction::Right, right)
    } else {
        (Direction::Down, down)
    }
}

/// Wide enough for nine names in ten.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a length"
)]
fn card_width(graph: &TaskGraph, tasks: &[usize], look: Look) -> f64 {
    let narrowest = if look.of_run { NARROWEST_OF_RUN } else { NARROWEST };
    let mut widths: Vec<f64> = tasks
        .iter()
        .map(|&task| text_width(&graph.tasks()[task].title, 13.0))
        .collect();
    sort::by(&mut widths, f64::total_cmp);
    let most = widths
        .get((widths.len() as f64 * 0.9) as usize)
        .or(widths.last())
        .copied()
        .unwrap_or(0.0);
    let widened = look.letters.max(1.0);
    let width = (most * look.letters + BESIDE_NAME).clamp(narrowest * widened, WIDEST * widened);
    // An even number, so that the middle lies on a whole pixel.
    (width / 2.0).ceil() * 2.0
}

/// The edges between the tasks shown: upstream, downstream, whether mapped over; sorted, each once. An edge into
/// hidden tasks leads on to whatever follows them.
fn contracted(graph: &TaskGraph, hidden: &[bool], places: &[Option<usize>]) -> Vec<(usize, usize, bool)> {
    let mut below: Vec<Vec<(usize, bool)>> = vec![Vec::new(); hidden.len()];
    for edge in graph.edges() {
        below[edge.upstream].push((edge.downstream, edge.mapped));
    }
    let mut edges = Vec::with_capacity(graph.edges().len());
    // The task from which a hidden one was reached last, so that none is walked through twice.
    let mut seen_from = vec![usize::MAX; hidden.len()];
    let mut stack = Vec::new();
    for task in 0..hidden.len() {
        let Some(from) = places[task] else { continue };
        stack.extend_from_slice(&below[task]);
        while let Some((next, mapped)) = stack.pop() {
            if let Some(to) = places[next] {
                edges.push((from, to, mapped));
            } else if seen_from[next] != task {
                seen_from[next] = task;
                stack.extend_from_slice(&below[next]);
            }
        }
    }
    // Of two edges between the same tasks the mapped one counts.
    sort::by(&mut edges, |a, b| (a.0, a.1, !a.2).cmp(&(b.0, b.1, !b.2)));
    edges.dedup_by_key(|edge| (edge.0, edge.1));
    edges
}

fn reach(start: usize, next: &[Vec<usize>]) -> Vec<bool> {
    let mut reached = vec![false; next.len()];
    reached[start] = true;
    let mut stack = vec![start];
    while let Some(task) = stack.pop() {
        for &to in &next[task] {
            if !std::mem::replace(&mut reached[to], true) {
                stack.push(to);
            }
        }
    }
    reached
}

/// Adds a line: a curve between the points of each pair, straight from one pair to the next.
fn path(into: &mut String, line: &Line, direction: Direction) {
    for (index, pair) in line.points.chunks_exact(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let _ = write!(into, "{}{} {}", if index == 0 { 'M' } else { 'L' }, a.x, a.y);
        let _ = match direction {
            Direction::Down if a.x == b.x => write!(into, "V{}", b.y),
            Direction::Right if a.y == b.y => write!(into, "H{}", b.x),
            Direction::Down => {
                let middle = f64::midpoint(a.y, b.y);
                write!(into, "C{} {middle} {} {middle} {} {}", a.x, b.x, b.x, b.y)
            }
            Direction::Right => {
                let middle = f64::midpoint(a.x, b.x);
                write!(into, "C{middle} {} {middle} {} {} {}", a.y, b.y, b.x, b.y)
            }
        };
    }
}

/// Adds the tip of a line: a small triangle.
fn tip(into: &mut String, line: &Line, direction: Direction) {
    let Some(&Point { x, y }) = line.points.last() else {
        return;
    };
    let _ = match direction {
        Direction::Down => write!(into, "M{x} {y}l-4.5 -7h9z"),
        Direction::Right => write!(into, "M{x} {y}l-7 -4.5v9z"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GraphTask;
    use flowdeck_vocabulary::TaskId;

    const LOOK: Look = Look {
        of_run: true,
        letters: 1.0,
    };

    fn id(number: usize) -> TaskId {
        format!("00000000-0000-0000-0000-{number:012}").parse().unwrap()
    }

    fn scene(graph: &TaskGraph, hides_helpers: bool, direction: Option<Direction>) -> Scene {
        let tasks = graph.tasks().iter();
        let hidden: Vec<bool> = tasks.map(|task| hides_helpers && task.is_helper).collect();
        Scene::new(graph, &hidden, LOOK, direction)
    }

    /// A graph of tasks named `0`, `1`, …; those in `helpers` are helpers.
    fn graph(count: usize, helpers: &[usize], edges: &[(usize, usize)]) -> TaskGraph {
        let tasks = (0..count)
            .map(|number| GraphTask {
                id: id(number),
                name: number.to_string(),
                title: number.to_string(),
                slug: format!("{number}-1"),
                task_type: String::new(),
                trigger: String::new(),
                max_retries: 0,
                mapped: false,
                is_helper: helpers.contains(&number),
            })
            .collect();
        let edges = edges.iter().map(|&(a, b)| (id(a), id(b), None, false)).collect();
        TaskGraph::new(tasks, edges)
    }

    fn lines(scene: &Scene) -> Vec<(usize, usize)> {
        scene
            .layout
            .lines
            .iter()
            .map(|line| (scene.tasks[line.from], scene.tasks[line.to]))
            .collect()
    }

    #[test]
    fn edges_lead_through_what_is_hidden() {
        // 0 → List(1) → GetItem(2) → 3, 4 → List(1), and a constant 5 → 3.
        let graph = graph(6, &[1, 2, 5], &[(0, 1), (1, 2), (2, 3), (4, 1), (5, 3), (0, 3)]);
        assert_eq!(lines(&scene(&graph, true, None)), [(0, 3), (4, 3)]);
        assert_eq!(lines(&scene(&graph, false, None)).len(), 6);
    }

    #[test]
    fn hidden_tasks_in_a_ring_do_not_hang() {
        let graph = graph(4, &[1, 2], &[(0, 1), (1, 2), (2, 1), (2, 3)]);
        assert_eq!(lines(&scene(&graph, true, None)), [(0, 3)]);
    }

    #[test]
    fn related_is_all_up_and_downstream_and_nothing_beside() {
        let graph = graph(6, &[], &[(0, 1), (1, 2), (1, 3), (4, 3), (3, 5)]);
        let related = scene(&graph, false, None).related(1);
        assert_eq!(related.tasks, [true, true, true, true, false, true]);
        assert_eq!(related.lines.matches('M').count(), 4, "0→1, 1→2, 1→3, 3→5");
    }

    #[test]
    fn arrow_keys_follow_the_edges() {
        let graph = graph(4, &[], &[(0, 1), (0, 2), (1, 3), (2, 3)]);
        for (direction, [back, on, aside, other]) in [
            (Direction::Down, [Step::Up, Step::Down, Step::Left, Step::Right]),
            (Direction::Right, [Step::Left, Step::Right, Step::Up, Step::Down]),
        ] {
            let scene = scene(&graph, false, Some(direction));
            let first = scene.step(0, on).unwrap();
            assert!([1, 2].contains(&first));
            assert_eq!(scene.step(first, back), Some(0));
            assert_eq!(scene.step(first, on), Some(3));
            let second = scene.step(first, aside).or(scene.step(first, other)).unwrap();
            assert_eq!(first + second, 3);
            assert_eq!(scene.step(3, on), None);
        }
    }

    #[test]
    fn a_point_finds_its_task_and_a_part_finds_its_tasks() {
        let graph = graph(3, &[], &[(0, 1), (1, 2)]);
        let scene = scene(&graph, false, None);
        for (task, rect) in scene.layout.boxes.iter().enumerate() {
            assert_eq!(
                scene.task_at(Point {
                    x: rect.x + 5.0,
                    y: rect.y + 5.0
                }),
                Some(task)
            );
            assert_eq!(scene.tasks_in(*rect).collect::<Vec<_>>(), [task]);
        }
        assert_eq!(scene.task_at(Point { x: -5.0, y: -5.0 }), None);
    }

    #[test]
    fn a_long_flow_runs_to_the_right_and_a_small_one_down() {
        let long: Vec<_> = (1..12).map(|to| (to - 1, to)).collect();
        assert_eq!(
            scene(&graph(12, &[], &long), false, None).direction,
            Direction::Right
        );
        assert_eq!(
            scene(&graph(3, &[], &[(0, 1), (1, 2)]), false, None).direction,
            Direction::Down
        );
    }

    #[test]
    fn blocks_are_sorted_by_kind() {
        let scene = scene(&graph(3, &[], &[]), false, None);
        let blocks = scene.blocks(|task| task % 2);
        assert_eq!(
            blocks
                .iter()
                .map(|(kind, path)| (*kind, path.matches('M').count()))
                .collect::<Vec<_>>(),
            [(0, 2), (1, 1)]
        );
    }

    #[test]
    fn no_tasks_make_no_scene() {
        let scene = scene(&graph(0, &[], &[]), true, None);
        assert!(scene.tasks.is_empty() && scene.lines.is_empty());
    }
}
