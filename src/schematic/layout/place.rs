//! Where each node stands within its layer: drawn towards what it is linked with, kept apart from its
//! neighbors, and then put in line where there is room.
//!
//! Drawing towards: each layer in turn takes the places nearest (least squares) to where its links pull its
//! nodes. Order and distances are kept exactly by pooling adjacent violators, which is linear in the layer.
//! Layer after layer, up and down, this nears the best picture as a whole. Brandes and Köpf's columns were tried
//! first: straighter here and there, but on flows with many layers three to ten times as wide.

use super::EDGE_GAP;
use super::levels::Levels;
use crate::sort;

/// Node visits in all sweeps together; small flows get [`MOST_SWEEPS`].
const BUDGET: usize = 300_000;
const MOST_SWEEPS: usize = 48;
const FEWEST_SWEEPS: usize = 8;
/// Rounds of putting nodes in line.
const STRAIGHTENINGS: usize = 3;
/// A link this little aslant looks like a mistake.
const ALMOST_STRAIGHT: f64 = 24.0;

/// The x of each node's middle; neighbors in a layer never overlap, tasks are `gap` apart.
pub(super) fn centers(levels: &Levels, width: &dyn Fn(usize) -> f64, gap: f64) -> Vec<f64> {
    let mut places = Places::new(levels, width, gap);
    let sweeps = (BUDGET / levels.len().max(1)).clamp(FEWEST_SWEEPS, MOST_SWEEPS);
    for sweep in 0..sweeps {
        // The first sweeps look one way only, which carries a place through all layers at once; the later ones
        // weigh both sides.
        let sides = if sweep < sweeps / 2 {
            Sides::Before
        } else {
            Sides::Both
        };
        places.sweep(sweep % 2 == 0, sides);
    }
    let chains = chains(levels, &places.x);
    for round in 0..STRAIGHTENINGS {
        for chain in &chains {
            places.straighten(chain, round + 1 == STRAIGHTENINGS);
        }
    }
    places.x
}

/// Which links pull in a sweep.
#[derive(Clone, Copy, PartialEq)]
enum Sides {
    /// Those to the layer that was settled before; the others for a node that has none.
    Before,
    /// All.
    Both,
}

/// A run of nodes that are settled as one.
struct Pool {
    nodes: usize,
    weight: f64,
    /// Weighted sum of the wanted places.
    sum: f64,
}

impl Pool {
    fn place(&self) -> f64 {
        self.sum / self.weight
    }
}

struct Places<'a> {
    levels: &'a Levels,
    x: Vec<f64>,
    /// From the middle of a node's left neighbor to its own; 0 for the first of a layer.
    apart: Vec<f64>,
    pools: Vec<Pool>,
}

impl<'a> Places<'a> {
    fn new(levels: &'a Levels, width: &dyn Fn(usize) -> f64, gap: f64) -> Self {
        let mut apart = vec![0.0; levels.len()];
        let mut x = vec![0.0; levels.len()];
        for layer in 0..levels.layers() {
            let slots = levels.slots(layer);
            let mut end = 0.0;
            for pair in slots.windows(2) {
                let both_tasks = pair.iter().all(|&node| levels.task(node).is_some());
                let gap = if both_tasks { gap } else { EDGE_GAP };
                apart[pair[1]] = f64::midpoint(width(pair[0]), width(pair[1])) + gap;
                end += apart[pair[1]];
                x[pair[1]] = end;
            }
            slots.iter().for_each(|&node| x[node] -= end / 2.0);
        }
        Self {
            levels,
            x,
            apart,
            pools: Vec::new(),
        }
    }

    fn sweep(&mut self, downwards: bool, sides: Sides) {
        let layers = self.levels.layers();
        for step in 0..layers {
            self.settle(if downwards { step } else { layers - 1 - step }, downwards, sides);
        }
    }

    /// Gives the nodes of a layer the places nearest to the wanted ones.
    fn settle(&mut self, layer: usize, downwards: bool, sides: Sides) {
        let slots = self.levels.slots(layer);
        self.pools.clear();
        let mut offset = 0.0;
        for &node in slots {
            offset += self.apart[node];
            let (wanted, weight) = self.wanted(node, downwards, sides);
            let mut pool = Pool {
                nodes: 1,
                weight,
                sum: (wanted - offset) * weight,
            };
            while let Some(left) = self.pools.pop_if(|left| left.place() >= pool.place()) {
                pool = Pool {
                    nodes: left.nodes + pool.nodes,
                    weight: left.weight + pool.weight,
                    sum: left.sum + pool.sum,
                };
            }
            self.pools.push(pool);
        }
        let mut nodes = slots.iter();
        offset = 0.0;
        for pool in &self.pools {
            for &node in nodes.by_ref().take(pool.nodes) {
                offset += self.apart[node];
                self.x[node] = pool.place() + offset;
            }
        }
    }

    /// Where a node is pulled to, and how strongly.
    fn wanted(&self, node: usize, downwards: bool, sides: Sides) -> (f64, f64) {
        let (above, below) = (self.levels.above(node), self.levels.below(node));
        let (before, after) = if downwards { (above, below) } else { (below, above) };
        let (first, second) = match sides {
            Sides::Both => (above, below),
            Sides::Before if before.is_empty() => (after, &before[..0]),
            Sides::Before => (before, &after[..0]),
        };
        let is_place = self.levels.task(node).is_none();
        let (mut sum, mut weight) = (0.0, 0.0);
        for (links, others) in [(first, second), (second, first)] {
            // The busier side decides: a task stands over the middle of what it feeds, or under the middle of
            // what it waits for.
            let side = if links.len() < others.len() { 0.1 } else { 1.0 };
            for &other in links {
                // Long edges are pulled straight the hardest, as Gansner et al. do it.
                let pull = side
                    * match (is_place, self.levels.task(other).is_none()) {
                        (true, true) => 8.0,
                        (false, false) => 1.0,
                        _ => 2.0,
                    };
                sum += self.x[other] * pull;
                weight += pull;
            }
        }
        if weight == 0.0 {
            (self.x[node], 0.1)
        } else {
            (sum / weight, weight)
        }
    }

    /// How far a node may go to the left and to the right.
    fn room(&self, node: usize) -> (f64, f64) {
        let slots = self.levels.slots(self.levels.layer(node));
        let place = self.levels.place(node);
        let left = match place {
            0 => f64::NEG_INFINITY,
            _ => self.x[slots[place - 1]] + self.apart[node],
        };
        let right = slots
            .get(place + 1)
            .map_or(f64::INFINITY, |&next| self.x[next] - self.apart[next]);
        (left, right)
    }

    /// Puts the nodes of a chain in line: as many at once as have room for it. The last time on whole pixels, so
    /// that what is in line stays so.
    fn straighten(&mut self, chain: &[usize], last: bool) {
        let mut start = 0;
        while start < chain.len() {
            let (mut low, mut high) = self.room(chain[start]);
            let mut end = start + 1;
            while end < chain.len() {
                let (left, right) = self.room(chain[end]);
                if left.max(low) > right.min(high) {
                    break;
                }
                (low, high) = (left.max(low), right.min(high));
                end += 1;
            }
            let mut sorted: Vec<f64> = chain[start..end].iter().map(|&node| self.x[node]).collect();
            sort::by(&mut sorted, f64::total_cmp);
            let middle = sorted[sorted.len() / 2];
            let wanted = if last && (low..=high).contains(&middle.round()) {
                middle.round()
            } else {
                middle
            };
            for &node in &chain[start..end] {
                self.x[node] = wanted.max(low).min(high);
            }
            start = end;
        }
    }
}

/// Nodes that would look best in line, from top to bottom, the longest chains first: stretches of long edges,
/// tasks that feed only one another, and what is almost in line already.
fn chains(levels: &Levels, x: &[f64]) -> Vec<Vec<usize>> {
    let mut next: Vec<Option<usize>> = vec![None; levels.len()];
    let mut has_before = vec![false; levels.len()];
    let aslant = |node: usize, to: usize| (x[node] - x[to]).abs();
    for kind in 0..3 {
        for layer in 0..levels.layers() {
            for &node in levels.slots(layer) {
                let below = levels.below(node);
                let is_wanted = |to: usize| match kind {
                    0 => levels.task(node).is_none() && levels.task(to).is_none(),
                    1 => below.len() == 1 && levels.above(to).len() == 1,
                    _ => aslant(node, to) < ALMOST_STRAIGHT,
                };
                if next[node].is_some() {
                    continue;
                }
                let nearest = below
                    .iter()
                    .copied()
                    .filter(|&to| !has_before[to] && is_wanted(to))
                    .min_by(|&a, &b| aslant(node, a).total_cmp(&aslant(node, b)));
                if let Some(to) = nearest {
                    next[node] = Some(to);
                    has_before[to] = true;
                }
            }
        }
    }
    let mut chains: Vec<Vec<usize>> = (0..levels.len())
        .filter(|&node| !has_before[node] && next[node].is_some())
        .map(|first| std::iter::successors(Some(first), |&node| next[node]).collect())
        .collect();
    sort::by(&mut chains, |a: &Vec<usize>, b| b.len().cmp(&a.len()));
    chains
}
