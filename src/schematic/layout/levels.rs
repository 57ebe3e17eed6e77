//! One connected part, layer by layer: its tasks, and places for the edges that pass a layer.

use super::arcs::{Arc, starts};
use super::pack::Members;
use crate::sort;

/// Nodes in layers. A node is a task, or the place at which an edge passes a layer. Links lead from a layer to
/// the next one only. The order of the nodes within their layers is all that changes.
pub(super) struct Levels {
    tasks: Vec<Option<usize>>,
    layer: Vec<usize>,
    /// All nodes by layer, each layer from left to right.
    slots: Vec<usize>,
    layer_starts: Vec<usize>,
    /// A node's place within its layer.
    places: Vec<usize>,
    up: Vec<usize>,
    up_starts: Vec<usize>,
    down: Vec<usize>,
    down_starts: Vec<usize>,
    /// The nodes on the way of each arc of the part, by the index of the arc.
    ways: Vec<(usize, Way)>,
}

/// The places that an arc goes through: a stretch of a trunk, whose nodes are numbered from top to bottom.
#[derive(Debug, Clone, Copy)]
struct Way {
    first: usize,
    len: usize,
}

/// Past this many places edges are drawn straight across the layers instead: a picture of that many lines shows
/// nothing anyway, and a cap keeps odd flows (every task connected with every other) quick.
const MOST_PLACES: usize = 40_000;

/// Whose trunk a long arc takes. Long edges of the same task share their places, like wires in a harness: a
/// parameter that fifty tasks use is one line that branches, and results that one task collects join.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Upstream(usize),
    Downstream(usize),
}

impl Levels {
    pub(super) fn new(part: &Members, arcs: &[Arc], layers: &[usize]) -> Self {
        let first_layer = part.tasks.iter().map(|&task| layers[task]).min().unwrap_or(0);
        let count = part.tasks.len();
        let node_of = |task: usize| part.tasks.binary_search(&task).unwrap_or(0);
        let mut layer: Vec<usize> = part
            .tasks
            .iter()
            .map(|&task| layers[task] - first_layer)
            .collect();
        let mut tasks: Vec<Option<usize>> = part.tasks.iter().copied().map(Some).collect();

        let ends: Vec<(usize, usize)> = part
            .arcs
            .iter()
            .map(|&arc| (node_of(arcs[arc].from), node_of(arcs[arc].to)))
            .collect();
        let (mut long_out, mut long_in) = (vec![0_usize; count], vec![0_usize; count]);
        for &(from, to) in &ends {
            if layer[to] - layer[from] > 1 {
                long_out[from] += 1;
                long_in[to] += 1;
            }
        }
        // (owner, index into `ends`) of each long arc, by owner.
        let mut long: Vec<(Owner, usize)> = ends
            .iter()
            .enumerate()
            .filter(|(_, (from, to))| layer[*to] - layer[*from] > 1)
            .map(|(index, &(from, to))| {
                let owner = if long_out[from] >= long_in[to] {
                    Owner::Upstream(from)
                } else {
                    Owner::Downstream(to)
                };
                (owner, index)
            })
            .collect();
        sort::by(&mut long, Ord::cmp);

        let mut links: Vec<(usize, usize)> = Vec::with_capacity(ends.len());
        let mut ways: Vec<(usize, Way)> = Vec::with_capacity(long.len());
        for group in long.chunk_by(|a, b| a.0 == b.0) {
            let top = group
                .iter()
                .map(|&(_, at)| layer[ends[at].0] + 1)
                .min()
                .unwrap_or(0);
            let bottom = group
                .iter()
                .map(|&(_, at)| layer[ends[at].1] - 1)
                .max()
                .unwrap_or(0);
            if tasks.len() - count + (bottom + 1 - top) > MOST_PLACES {
                continue;
            }
            let trunk = tasks.len();
            for passed in top..=bottom {
                if passed > top {
                    links.push((tasks.len() - 1, tasks.len()));
                }
                tasks.push(None);
                layer.push(passed);
            }
            for &(_, at) in group {
                let (from, to) = ends[at];
                let (first, last) = (trunk + layer[from] + 1 - top, trunk + layer[to] - 1 - top);
                links.push((from, first));
                links.push((last, to));
                ways.push((
                    part.arcs[at],
                    Way {
                        first,
                        len: last + 1 - first,
                    },
                ));
            }
        }
        links.extend(ends.iter().filter(|(from, to)| layer[*to] - layer[*from] == 1));
        sort::by(&mut links, Ord::cmp);
        links.dedup();
        sort::by(&mut ways, |a, b| a.0.cmp(&b.0));

        let nodes = tasks.len();
        let down_starts = starts(nodes, links.iter().map(|link| link.0));
        let down = links.iter().map(|link| link.1).collect();
        let up_starts = starts(nodes, links.iter().map(|link| link.1));
        let mut fill = up_starts.clone();
        let mut up = vec![0; links.len()];
        for &(from, to) in &links {
            up[fill[to]] = from;
            fill[to] += 1;
        }
        let depth = layer.iter().max().map_or(0, |last| last + 1);
        let layer_starts = starts(depth, layer.iter().copied());
        let mut levels = Self {
            slots: vec![0; nodes],
            places: vec![0; nodes],
            tasks,
            layer,
            layer_starts,
            up,
            up_starts,
            down,
            down_starts,
            ways,
        };
        levels.arrange((0..nodes).collect());
        levels
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// How many layers there are.
    pub(super) fn layers(&self) -> usize {
        self.layer_starts.len() - 1
    }

    /// How many links there are.
    pub(super) fn links(&self) -> usize {
        self.down.len()
    }

    /// The task, unless the node is a place of an edge.
    pub(super) fn task(&self, node: usize) -> Option<usize> {
        self.tasks[node]
    }

    /// The layer of a node.
    pub(super) fn layer(&self, node: usize) -> usize {
        self.layer[node]
    }

    /// A node's place within its layer.
    pub(super) fn place(&self, node: usize) -> usize {
        self.places[node]
    }

    /// The nodes of a layer from left to right.
    pub(super) fn slots(&self, layer: usize) -> &[usize] {
        &self.slots[self.layer_starts[layer]..self.layer_starts[layer + 1]]
    }

    /// The nodes of the layer above that it is linked with.
    pub(super) fn above(&self, node: usize) -> &[usize] {
        &self.up[self.up_starts[node]..self.up_starts[node + 1]]
    }

    /// The nodes of the layer below that it is linked with.
    pub(super) fn below(&self, node: usize) -> &[usize] {
        &self.down[self.down_starts[node]..self.down_starts[node + 1]]
    }

    /// The nodes that an arc goes through on its way, from top to bottom; none for a short one.
    pub(super) fn way(&self, arc: usize) -> std::ops::Range<usize> {
        let way = self
            .ways
            .binary_search_by_key(&arc, |(arc, _)| *arc)
            .ok()
            .map(|at| self.ways[at].1);
        way.map_or(0..0, |way| way.first..way.first + way.len)
    }

    /// All nodes by layer, each layer from left to right; [`Levels::restore`] takes it back.
    pub(super) fn order(&self) -> &[usize] {
        &self.slots
    }

    /// Takes back an order.
    pub(super) fn restore(&mut self, order: Vec<usize>) {
        self.slots = order;
        for layer in 0..self.layers() {
            self.renumber(layer);
        }
    }

    /// Orders every layer as its nodes follow one another in `sequence`.
    pub(super) fn arrange(&mut self, sequence: Vec<usize>) {
        let mut fill = self.layer_starts.clone();
        for node in sequence {
            let at = &mut fill[self.layer[node]];
            self.slots[*at] = node;
            self.places[node] = *at - self.layer_starts[self.layer[node]];
            *at += 1;
        }
    }

    /// Gives a layer another order.
    pub(super) fn set_slots(&mut self, layer: usize, nodes: &[usize]) {
        let start = self.layer_starts[layer];
        self.slots[start..start + nodes.len()].copy_from_slice(nodes);
        self.renumber(layer);
    }

    /// Exchanges a node with its right neighbor.
    pub(super) fn swap(&mut self, layer: usize, place: usize) {
        let at = self.layer_starts[layer] + place;
        self.slots.swap(at, at + 1);
        self.places[self.slots[at]] = place;
        self.places[self.slots[at + 1]] = place + 1;
    }

    fn renumber(&mut self, layer: usize) {
        let start = self.layer_starts[layer];
        for at in start..self.layer_starts[layer + 1] {
            self.places[self.slots[at]] = at - start;
        }
    }
}
