//! Connected parts: which tasks belong together, and how the parts share the picture.

use super::arcs::{Arc, starts};
use super::{Part, Point};
use crate::sort;

/// Between two parts, and between two shelves.
const PART_GAP: f64 = 56.0;
/// Between tasks that no edge touches.
const LONE_GAP: f64 = 28.0;

/// The tasks and arcs of one connected part.
pub(super) struct Members {
    pub tasks: Vec<usize>,
    /// Indices of arcs.
    pub arcs: Vec<usize>,
}

/// The connected parts, in the order of their first tasks.
pub(super) fn parts(count: usize, arcs: &[Arc]) -> Vec<Members> {
    let mut leader: Vec<usize> = (0..count).collect();
    fn find(leader: &mut [usize], mut task: usize) -> usize {
        while leader[task] != task {
            leader[task] = leader[leader[task]];
            task = leader[task];
        }
        task
    }
    for arc in arcs {
        let (a, b) = (find(&mut leader, arc.from), find(&mut leader, arc.to));
        leader[a.max(b)] = a.min(b);
    }
    let mut part_of = vec![0; count];
    let mut parts = 0;
    for task in 0..count {
        // A leader is the first task of its part, so it has been counted already.
        let leader = find(&mut leader, task);
        if leader == task {
            part_of[task] = parts;
            parts += 1;
        } else {
            part_of[task] = part_of[leader];
        }
    }
    let sizes = starts(parts, part_of.iter().copied());
    let mut members: Vec<Members> = (0..parts)
        .map(|part| Members {
            tasks: Vec::with_capacity(sizes[part + 1] - sizes[part]),
            arcs: Vec::new(),
        })
        .collect();
    for task in 0..count {
        members[part_of[task]].tasks.push(task);
    }
    for (index, arc) in arcs.iter().enumerate() {
        members[part_of[arc.from]].arcs.push(index);
    }
    members
}

/// The upper left corner of each part, and width and height of the whole. The parts stand on shelves like
/// books, the high ones first; the shelves are as long as the whole needs to get the wanted aspect (width by
/// height).
pub(super) fn shelves(parts: &[Part], aspect: f64) -> (Vec<Point>, f64, f64) {
    let mut corners = vec![Point::default(); parts.len()];
    let mut sorted: Vec<usize> = (0..parts.len()).collect();
    sort::by(&mut sorted, |&a, &b| {
        let (lone_a, lone_b) = (parts[a].lines.is_empty(), parts[b].lines.is_empty());
        lone_a
            .cmp(&lone_b)
            .then(parts[b].height.total_cmp(&parts[a].height))
            .then(a.cmp(&b))
    });
    let area: f64 = parts
        .iter()
        .map(|part| (part.width + PART_GAP) * (part.height + PART_GAP))
        .sum();
    let widest = parts.iter().map(|part| part.width).fold(0.0, f64::max);
    let length = (area * aspect).sqrt().max(widest);

    let (mut x, mut y, mut width, mut shelf) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    let mut last_is_lone = false;
    for index in sorted {
        let part = &parts[index];
        let is_lone = part.lines.is_empty();
        let gap = if is_lone && last_is_lone {
            LONE_GAP
        } else {
            PART_GAP
        };
        let wraps = x > 0.0 && x + gap + part.width > length + 0.5;
        // Tasks without edges begin a shelf of their own below the rest.
        let begins = x > 0.0 && is_lone && !last_is_lone;
        if wraps || begins {
            y += shelf + gap;
            (x, shelf) = (0.0, 0.0);
        } else if x > 0.0 {
            x += gap;
        }
        corners[index] = Point {
            x: x.round(),
            y: y.round(),
        };
        x += part.width.ceil();
        width = width.max(x);
        shelf = shelf.max(part.height);
        last_is_lone = is_lone;
    }
    (corners, width, y + shelf)
}
