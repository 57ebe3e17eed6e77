//! The order within each layer: sweeps of weighted medians with exchanges of neighbors, the best one kept.

use super::levels::Levels;

/// Links to look at in all sweeps together: what a large flow may cost before the picture is good enough. Small
/// flows get [`MOST_SWEEPS`].
const BUDGET: usize = 60_000;
const MOST_SWEEPS: usize = 24;
const FEWEST_SWEEPS: usize = 4;
/// Sweeps without a gain after which no more is expected.
const PATIENCE: usize = 4;
/// Rounds of exchanging neighbors after a sweep.
const EXCHANGES: usize = 4;
/// A node with more links than this takes part in no exchange: each would look at all of them.
const MANY_LINKS: usize = 64;

/// Orders the nodes of each layer so that few links cross.
pub(super) fn reduce_crossings(levels: &mut Levels) {
    let sweeps = (BUDGET / (levels.links() + 1)).clamp(FEWEST_SWEEPS, MOST_SWEEPS);
    let mut best: Option<(usize, Vec<usize>)> = None;
    for start in [Start::Top, Start::Bottom] {
        levels.arrange(walk(levels, start));
        let (crossings, order) = sweep(levels, sweeps);
        if best.as_ref().is_none_or(|(fewest, _)| crossings < *fewest) {
            best = Some((crossings, order));
        }
        if best.as_ref().is_some_and(|(fewest, _)| *fewest == 0) {
            break;
        }
    }
    if let Some((_, order)) = best {
        levels.restore(order);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Start {
    Top,
    Bottom,
}

/// All nodes depth first from the first (or last) layer on: what hangs together comes together, and a tree has
/// no crossing from the beginning.
fn walk(levels: &Levels, start: Start) -> Vec<usize> {
    let mut layers: Vec<usize> = (0..levels.layers()).collect();
    if start == Start::Bottom {
        layers.reverse();
    }
    let mut sequence = Vec::with_capacity(levels.len());
    let mut seen = vec![false; levels.len()];
    let mut stack = Vec::new();
    for layer in layers {
        for &root in levels.slots(layer) {
            stack.push(root);
            while let Some(node) = stack.pop() {
                if std::mem::replace(&mut seen[node], true) {
                    continue;
                }
                sequence.push(node);
                let links = if start == Start::Top {
                    levels.below(node)
                } else {
                    levels.above(node)
                };
                stack.extend(links.iter().rev().filter(|&&node| !seen[node]));
            }
        }
    }
    sequence
}

/// Sweeps down and up; answers the fewest crossings and the order that has them.
fn sweep(levels: &mut Levels, sweeps: usize) -> (usize, Vec<usize>) {
    let mut best = (crossings(levels), levels.order().to_vec());
    let mut without_gain = 0;
    let mut scratch = Scratch::default();
    for round in 0..sweeps {
        if best.0 == 0 || without_gain == PATIENCE {
            break;
        }
        let downwards = round % 2 == 0;
        // Equal medians stay as they are in two sweeps and are turned around in the next two.
        let turns_ties = round % 4 >= 2;
        for step in 1..levels.layers() {
            let layer = if downwards {
                step
            } else {
                levels.layers() - 1 - step
            };
            by_median(levels, layer, downwards, turns_ties, &mut scratch);
        }
        exchange(levels, &mut scratch);
        let found = crossings(levels);
        without_gain += 1;
        if found < best.0 {
            best = (found, levels.order().to_vec());
            without_gain = 0;
        }
    }
    best
}

/// Buffers that are used again and again.
#[derive(Default)]
struct Scratch {
    left: Vec<usize>,
    right: Vec<usize>,
    medians: Vec<(f64, usize)>,
    slots: Vec<usize>,
}

/// Sorts a layer by the median place of what each node is linked with in the layer before. A node without such
/// links keeps its place.
fn by_median(levels: &mut Levels, layer: usize, downwards: bool, turns_ties: bool, scratch: &mut Scratch) {
    scratch.medians.clear();
    scratch.slots.clear();
    scratch.slots.extend_from_slice(levels.slots(layer));
    for &node in &scratch.slots {
        let links = if downwards {
            levels.above(node)
        } else {
            levels.below(node)
        };
        if !links.is_empty() {
            places(levels, links, &mut scratch.left);
            scratch.medians.push((median(&scratch.left), node));
        }
    }
    if turns_ties {
        scratch.medians.reverse();
    }
    scratch.medians.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sorted = scratch.medians.iter().map(|&(_, node)| node);
    for slot in &mut scratch.slots {
        let links = if downwards {
            levels.above(*slot)
        } else {
            levels.below(*slot)
        };
        if !links.is_empty() {
            *slot = sorted.next().unwrap_or(*slot);
        }
    }
    levels.set_slots(layer, &scratch.slots);
}

/// The places of what a node is linked with, sorted.
fn places(levels: &Levels, nodes: &[usize], into: &mut Vec<usize>) {
    into.clear();
    into.extend(nodes.iter().map(|&node| levels.place(node)));
    into.sort_unstable();
}

/// The median; between two, weighted to the side where the others are closer together.
#[expect(clippy::cast_precision_loss, reason = "places are far below 2^52")]
fn median(sorted: &[usize]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        len if len % 2 == 1 => sorted[middle] as f64,
        2 => f64::midpoint(sorted[0] as f64, sorted[1] as f64),
        len => {
            let left = (sorted[middle - 1] - sorted[0]) as f64;
            let right = (sorted[len - 1] - sorted[middle]) as f64;
            let (a, b) = (sorted[middle - 1] as f64, sorted[middle] as f64);
            if left + right == 0.0 {
                f64::midpoint(a, b)
            } else {
                (a * right + b * left) / (left + right)
            }
        }
    }
}

/// Exchanges neighbors as long as that saves crossings.
fn exchange(levels: &mut Levels, scratch: &mut Scratch) {
    for _ in 0..EXCHANGES {
        let mut gained = false;
        for layer in 0..levels.layers() {
            for place in 1..levels.slots(layer).len() {
                let (left, right) = (levels.slots(layer)[place - 1], levels.slots(layer)[place]);
                let many = |node| levels.above(node).len() + levels.below(node).len() > MANY_LINKS;
                if many(left) || many(right) {
                    continue;
                }
                let (mut now, mut then) = (0, 0);
                for side in [Levels::above, Levels::below] {
                    let (of_left, of_right) = (side(levels, left), side(levels, right));
                    if of_left.is_empty() || of_right.is_empty() {
                        continue;
                    }
                    places(levels, of_left, &mut scratch.left);
                    places(levels, of_right, &mut scratch.right);
                    now += inversions(&scratch.left, &scratch.right);
                    then += inversions(&scratch.right, &scratch.left);
                }
                if then < now {
                    levels.swap(layer, place - 1);
                    gained = true;
                }
            }
        }
        if !gained {
            break;
        }
    }
}

/// How many pairs of a place of the left node and one of the right node are in the wrong order.
fn inversions(left: &[usize], right: &[usize]) -> usize {
    let mut passed = 0;
    let mut count = 0;
    for &place in left {
        while passed < right.len() && right[passed] < place {
            passed += 1;
        }
        count += passed;
    }
    count
}

/// How many pairs of links cross, by the method of Barth, Jünger and Mutzel.
pub(super) fn crossings(levels: &Levels) -> usize {
    let mut count = 0;
    let mut tree: Vec<usize> = Vec::new();
    let mut ends = Vec::new();
    for layer in 1..levels.layers() {
        let width = levels.slots(layer).len();
        tree.clear();
        tree.resize(width + 1, 0);
        let mut links = 0;
        for &node in levels.slots(layer - 1) {
            places(levels, levels.below(node), &mut ends);
            // All links so far begin further left; those that end further right are crossed. Equal beginnings do
            // not cross, so that they are counted first and added then.
            for &end in &ends {
                count += links - up_to(&tree, end);
            }
            for &end in &ends {
                add(&mut tree, end);
            }
            links += ends.len();
        }
    }
    count
}

/// How many links end at `place` or left of it.
fn up_to(tree: &[usize], place: usize) -> usize {
    let mut at = place + 1;
    let mut sum = 0;
    while at > 0 {
        sum += tree[at];
        at &= at - 1;
    }
    sum
}

fn add(tree: &mut [usize], place: usize) {
    let mut at = place + 1;
    while at < tree.len() {
        tree[at] += 1;
        at += at & at.wrapping_neg();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_lean_to_the_denser_side() {
        assert_eq!(median(&[3]), 3.0);
        assert_eq!(median(&[1, 4]), 2.5);
        assert_eq!(median(&[1, 2, 9]), 2.0);
        assert!(median(&[0, 1, 2, 9]) < 1.5);
        assert_eq!(median(&[5, 5, 5, 5]), 5.0);
    }

    #[test]
    fn inversions_are_pairs_in_the_wrong_order() {
        assert_eq!(inversions(&[0, 1], &[2, 3]), 0);
        assert_eq!(inversions(&[2, 3], &[0, 1]), 4);
        assert_eq!(inversions(&[1], &[1]), 0);
    }
}
