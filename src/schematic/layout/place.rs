//! Where each node stands within its layer, by the method of Brandes and Köpf: four drafts, each pressed to a
//! corner with every node in line with the median of its neighbors, and the middle of the four.
//!
//! Positions are found as Brandes, Walter and Zink's erratum and dagre do it, over the graph of whole columns,
//! because the classes of the first paper can overlap.

use super::levels::{Levels, Link};
use super::{EDGE_GAP, GAP};

/// Which corner a draft is pressed to.
#[derive(Clone, Copy)]
struct Corner {
    /// In line with the layer below instead of the one above.
    from_below: bool,
    /// Pressed to the right instead of the left.
    mirrored: bool,
}

/// The x of each node's middle; neighbors in a layer never overlap.
pub(super) fn centers(levels: &Levels, width: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let is_crossed = crossed_trunks(levels);
    let mut drafts: Vec<Vec<f64>> = Vec::with_capacity(4);
    for from_below in [false, true] {
        for mirrored in [false, true] {
            let corner = Corner { from_below, mirrored };
            let columns = columns(levels, corner, &is_crossed);
            let mut draft = compact(levels, &columns, mirrored, width);
            if mirrored {
                draft.iter_mut().for_each(|x| *x = -*x);
            }
            drafts.push(draft);
        }
    }
    // The drafts are moved onto the narrowest of them: those pressed to the left by their left side, the others
    // by their right side.
    let side = |draft: &[f64], sign: f64| {
        draft.iter().enumerate().map(|(node, x)| sign * x + width(node) / 2.0).fold(f64::NEG_INFINITY, f64::max)
    };
    let extents: Vec<(f64, f64)> = drafts.iter().map(|draft| (-side(draft, -1.0), side(draft, 1.0))).collect();
    let Some(&(left, right)) = extents.iter().min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0))) else {
        return Vec::new();
    };
    for (index, draft) in drafts.iter_mut().enumerate() {
        let shift = if index % 2 == 0 { left - extents[index].0 } else { right - extents[index].1 };
        draft.iter_mut().for_each(|x| *x += shift);
    }
    (0..levels.len())
        .map(|node| {
            let mut four = [drafts[0][node], drafts[1][node], drafts[2][node], drafts[3][node]];
            four.sort_by(f64::total_cmp);
            f64::midpoint(four[1], four[2])
        })
        .collect()
}

/// Marks each link that crosses a trunk (a stretch of a long edge between two places): the trunk stays straight.
fn crossed_trunks(levels: &Levels) -> Vec<bool> {
    let mut marked = vec![false; levels.links()];
    let trunk_above = |node: usize| {
        let is_place = levels.task(node).is_none();
        levels.above(node).iter().find(|link| is_place && levels.task(link.node).is_none()).map(|link| link.node)
    };
    for layer in 1..levels.layers() {
        let slots = levels.slots(layer);
        let last_above = levels.slots(layer - 1).len().saturating_sub(1);
        let (mut from, mut left) = (0, 0);
        for (place, &node) in slots.iter().enumerate() {
            let trunk = trunk_above(node);
            if trunk.is_none() && place + 1 < slots.len() {
                continue;
            }
            let right = trunk.map_or(last_above, |above| levels.place(above));
            for &between in &slots[from..=place] {
                let is_place = levels.task(between).is_none();
                for link in levels.above(between) {
                    let at = levels.place(link.node);
                    let is_trunk = is_place && levels.task(link.node).is_none();
                    if !is_trunk && (at < left || at > right) {
                        marked[link.id] = true;
                    }
                }
            }
            from = place + 1;
            left = right;
        }
    }
    marked
}

/// The column of each node: nodes in line, named by the first of them.
fn columns(levels: &Levels, corner: Corner, is_crossed: &[bool]) -> Vec<usize> {
    let mut column: Vec<usize> = (0..levels.len()).collect();
    let mut is_taken = vec![false; levels.len()];
    let mut sorted: Vec<Link> = Vec::new();
    for step in 1..levels.layers() {
        let layer = if corner.from_below { levels.layers() - 1 - step } else { step };
        let slots = levels.slots(layer);
        // The place of the last one in line, counted from the side to which the draft is pressed.
        let mut reached: Option<usize> = None;
        for index in 0..slots.len() {
            let node = if corner.mirrored { slots[slots.len() - 1 - index] } else { slots[index] };
            let links = if corner.from_below { levels.below(node) } else { levels.above(node) };
            if links.is_empty() {
                continue;
            }
            sorted.clear();
            sorted.extend_from_slice(links);
            sorted.sort_unstable_by_key(|link| levels.place(link.node));
            if corner.mirrored {
                sorted.reverse();
            }
            let middle = sorted.len() / 2;
            let medians = if sorted.len() % 2 == 1 { middle..middle + 1 } else { middle - 1..middle + 1 };
            for link in &sorted[medians] {
                let place = levels.place(link.node);
                let is_free = reached
                    .is_none_or(|reached| if corner.mirrored { place < reached } else { place > reached });
                if is_free && !is_crossed[link.id] && !is_taken[link.node] {
                    is_taken[link.node] = true;
                    column[node] = column[link.node];
                    reached = Some(place);
                    break;
                }
            }
        }
    }
    column
}

/// Presses the columns to the left (right side up: to the right, with x counted from there), then each back to
/// its right neighbor, so that no column stands apart without need.
fn compact(levels: &Levels, columns: &[usize], mirrored: bool, width: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let count = levels.len();
    // (left column, right column, distance of their middles)
    let mut rows: Vec<(usize, usize, f64)> = Vec::with_capacity(count);
    for layer in 0..levels.layers() {
        for pair in levels.slots(layer).windows(2) {
            let (left, right) = if mirrored { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
            let both_tasks = levels.task(left).is_some() && levels.task(right).is_some();
            let gap = if both_tasks { GAP } else { EDGE_GAP };
            rows.push((columns[left], columns[right], f64::midpoint(width(left), width(right)) + gap));
        }
    }
    rows.sort_unstable_by_key(|row| row.0);
    let starts = super::arcs::starts(count, rows.iter().map(|row| row.0));
    let mut waits = vec![0_usize; count];
    for row in &rows {
        waits[row.1] += 1;
    }
    let mut sorted: Vec<usize> = (0..count).filter(|&node| columns[node] == node && waits[node] == 0).collect();
    let mut x = vec![0.0_f64; count];
    let mut at = 0;
    while at < sorted.len() {
        let column = sorted[at];
        at += 1;
        for &(_, right, distance) in &rows[starts[column]..starts[column + 1]] {
            x[right] = x[right].max(x[column] + distance);
            waits[right] -= 1;
            if waits[right] == 0 {
                sorted.push(right);
            }
        }
    }
    for &column in sorted.iter().rev() {
        let room = rows[starts[column]..starts[column + 1]]
            .iter()
            .map(|&(_, right, distance)| x[right] - distance)
            .fold(f64::INFINITY, f64::min);
        if room.is_finite() {
            x[column] = x[column].max(room);
        }
    }
    (0..count).map(|node| x[columns[node]]).collect()
}
