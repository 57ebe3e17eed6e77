//! Where the tasks of a schematic go: a pure function from sizes and edges to boxes and lines.
//!
//! The layered method of Sugiyama, Tagawa and Toda, each step in a file of its own:
//!
//! 1. [`arcs`]: merge equal edges, turn around those that close a cycle.
//! 2. [`layers`]: downstream below upstream, edges short.
//! 3. [`levels`]: an edge that passes a layer gets a place in it; edges of one task share that place.
//! 4. [`order`]: few crossings.
//! 5. [`place`]: straight long edges, tasks centered over what they feed, nothing overlaps.
//! 6. [`pack`]: parts that no edge connects stand side by side.
//!
//! Everything is an array indexed by number and every step a loop: five thousand tasks in a row need no deep
//! stack. No randomness, no hash order: the same flow always gives the same picture.

mod arcs;
mod layers;
mod levels;
mod order;
mod pack;
mod place;
#[cfg(test)]
mod tests;

use crate::model::Direction;
use crate::sort;
use arcs::Arc;
use levels::Levels;

/// Width and height of a box, in pixels at 100 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A place in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A task's place.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left side.
    pub x: f64,
    /// Upper side.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// An edge's line: from the middle of the upstream task's lower side to the middle of the downstream task's
/// upper side (right and left side when the work flows to the right).
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The upstream task.
    pub from: usize,
    /// The downstream task.
    pub to: usize,
    /// An even number of points: a curve leads from the first of each pair to the second, and a straight line on
    /// to the next pair.
    pub points: Vec<Point>,
}

/// The picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// A box for each task.
    pub boxes: Vec<Rect>,
    /// The layer of each task, 0 the first. Tasks that no edge connects count from 0 each.
    pub layers: Vec<usize>,
    /// A line for each edge, equal ones once, in the order of their tasks.
    pub lines: Vec<Line>,
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole.
    pub height: f64,
}

/// Between two tasks of a layer, when the work flows down, and when it flows to the right: boxes are wider than
/// high.
const GAP: f64 = 28.0;
const GAP_TO_THE_RIGHT: f64 = 18.0;
/// Between two edges that pass a layer, or an edge and a task.
const EDGE_GAP: f64 = 16.0;
/// Between two layers, at least.
const LAYER_GAP: f64 = 52.0;
/// Between two layers, at most: a long way to the side needs room to bend.
const WIDEST_LAYER_GAP: f64 = 120.0;

/// Lays out `sizes.len()` tasks with `edges` (upstream, downstream). Edges to tasks that are not there and from
/// a task to itself are left out. Answers the empty picture for no tasks.
#[must_use]
pub fn layout(sizes: &[Size], edges: &[(usize, usize)], direction: Direction) -> Layout {
    let turned: Vec<Size> = match direction {
        Direction::Down => sizes.to_vec(),
        Direction::Right => sizes
            .iter()
            .map(|s| Size {
                width: s.height,
                height: s.width,
            })
            .collect(),
    };
    let arcs = arcs::acyclic(sizes.len(), edges);
    let layers = layers::assign(sizes.len(), &arcs);
    let parts = pack::parts(sizes.len(), &arcs);
    // Screens are wider than high.
    let (gap, aspect) = match direction {
        Direction::Down => (GAP, 1.6),
        Direction::Right => (GAP_TO_THE_RIGHT, 1.0 / 1.6),
    };
    let drawn: Vec<Part> = parts
        .iter()
        .map(|part| draw(part, &turned, &arcs, &layers, gap))
        .collect();
    let (corners, width, height) = pack::shelves(&drawn, aspect);

    let mut picture = Layout {
        boxes: vec![Rect::default(); sizes.len()],
        layers,
        lines: Vec::with_capacity(arcs.len()),
        width,
        height,
    };
    for (part, corner) in drawn.into_iter().zip(corners) {
        for (task, rect) in part.boxes {
            picture.boxes[task] = Rect {
                x: rect.x + corner.x,
                y: rect.y + corner.y,
                ..rect
            };
        }
        for mut line in part.lines {
            for point in &mut line.points {
                *point = Point {
                    x: point.x + corner.x,
                    y: point.y + corner.y,
                };
            }
            picture.lines.push(line);
        }
    }
    sort::by(&mut picture.lines, |a, b| (a.from, a.to).cmp(&(b.from, b.to)));
    if direction == Direction::Right {
        transpose(&mut picture);
    }
    picture
}

/// A part of the picture that no edge connects with another, its upper left corner at 0, 0.
#[derive(Debug, Clone, Default)]
struct Part {
    boxes: Vec<(usize, Rect)>,
    lines: Vec<Line>,
    width: f64,
    height: f64,
}

fn draw(part: &pack::Members, sizes: &[Size], arcs: &[Arc], layers: &[usize], gap: f64) -> Part {
    if let [task] = part.tasks[..] {
        let Size { width, height } = sizes[task];
        return Part {
            boxes: vec![(
                task,
                Rect {
                    x: 0.0,
                    y: 0.0,
                    width,
                    height,
                },
            )],
            lines: Vec::new(),
            width,
            height,
        };
    }
    let mut levels = Levels::new(part, arcs, layers);
    order::reduce_crossings(&mut levels);
    let width = |node: usize| levels.task(node).map_or(0.0, |task| sizes[task].width);
    let centers = place::centers(&levels, &width, gap);
    let left = (0..levels.len())
        .map(|node| centers[node] - width(node) / 2.0)
        .fold(f64::INFINITY, f64::min);
    let right = (0..levels.len())
        .map(|node| centers[node] + width(node) / 2.0)
        .fold(0.0, f64::max);
    // Whole pixels keep hairlines sharp; the gaps are far wider than what rounding moves.
    let centers: Vec<f64> = centers.iter().map(|x| (x - left).round()).collect();

    let tops = tops(&levels, &centers, sizes);
    let mut boxes = Vec::with_capacity(part.tasks.len());
    for node in 0..levels.len() {
        if let Some(task) = levels.task(node) {
            let Size { width, height } = sizes[task];
            let (top, bottom) = tops[levels.layer(node)];
            boxes.push((
                task,
                Rect {
                    x: centers[node] - width / 2.0,
                    y: f64::midpoint(top, bottom - height),
                    width,
                    height,
                },
            ));
        }
    }
    sort::by(&mut boxes, |a, b| a.0.cmp(&b.0));
    let rect = |task: usize| {
        let at = boxes.binary_search_by_key(&task, |(task, _)| *task).unwrap_or(0);
        boxes[at].1
    };
    let lines = part
        .arcs
        .iter()
        .map(|&index| {
            let arc = &arcs[index];
            let (from, to) = (rect(arc.from), rect(arc.to));
            let mut points = vec![Point {
                x: from.x + from.width / 2.0,
                y: from.y + from.height,
            }];
            for node in levels.way(index) {
                let (top, bottom) = tops[levels.layer(node)];
                points.push(Point {
                    x: centers[node],
                    y: top,
                });
                points.push(Point {
                    x: centers[node],
                    y: bottom,
                });
            }
            points.push(Point {
                x: to.x + to.width / 2.0,
                y: to.y,
            });
            let (mut from, mut to) = (arc.from, arc.to);
            if arc.turned {
                points.reverse();
                (from, to) = (to, from);
            }
            Line { from, to, points }
        })
        .collect();
    let height = tops.last().map_or(0.0, |(_, bottom)| *bottom);
    Part {
        boxes,
        lines,
        width: right - left,
        height,
    }
}

/// Upper and lower side of each layer.
fn tops(levels: &Levels, centers: &[f64], sizes: &[Size]) -> Vec<(f64, f64)> {
    let mut y = 0.0;
    (0..levels.layers())
        .map(|layer| {
            let slots = levels.slots(layer);
            let height = slots
                .iter()
                .filter_map(|&node| levels.task(node))
                .map(|task| sizes[task].height)
                .fold(0.0, f64::max);
            let aside = slots
                .iter()
                .flat_map(|&node| {
                    levels
                        .below(node)
                        .iter()
                        .map(move |&to| (centers[node] - centers[to]).abs())
                })
                .fold(0.0, f64::max);
            let top = y;
            y += height + (LAYER_GAP + aside * 0.06).min(WIDEST_LAYER_GAP).round();
            (top, top + height)
        })
        .collect()
}

fn transpose(picture: &mut Layout) {
    std::mem::swap(&mut picture.width, &mut picture.height);
    for rect in &mut picture.boxes {
        *rect = Rect {
            x: rect.y,
            y: rect.x,
            width: rect.height,
            height: rect.width,
        };
    }
    for point in picture.lines.iter_mut().flat_map(|line| &mut line.points) {
        *point = Point {
            x: point.y,
            y: point.x,
        };
    }
}
