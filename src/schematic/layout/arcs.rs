//! Edges without repeats, and without cycles: an edge that closes one is turned around.

use crate::sort;

/// An edge as the layout sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arc {
    /// The upper task.
    pub from: usize,
    /// The lower task.
    pub to: usize,
    /// Whether the edge itself leads from the lower task to the upper one.
    pub turned: bool,
}

/// The arcs for `edges` between tasks `0..count`, sorted.
pub(super) fn acyclic(count: usize, edges: &[(usize, usize)]) -> Vec<Arc> {
    let mut edges: Vec<(usize, usize)> = edges
        .iter()
        .copied()
        .filter(|&(from, to)| from < count && to < count && from != to)
        .collect();
    sort::by(&mut edges, Ord::cmp);
    edges.dedup();

    let starts = starts(count, edges.iter().map(|edge| edge.0));
    let mut has_upstream = vec![false; count];
    for &(_, to) in &edges {
        has_upstream[to] = true;
    }
    // Depth first, with the next edge to follow kept for each task of the way. What leads back onto the way
    // closes a cycle. Beginning at the tasks without upstream turns only edges that have to be.
    let mut turned = vec![false; edges.len()];
    let mut next = starts.clone();
    let mut on_way = vec![false; count];
    let mut seen = vec![false; count];
    let begin = (0..count)
        .filter(|&task| !has_upstream[task])
        .chain((0..count).filter(|&task| has_upstream[task]));
    let mut way = Vec::new();
    for root in begin {
        if seen[root] {
            continue;
        }
        seen[root] = true;
        on_way[root] = true;
        way.push(root);
        while let Some(&task) = way.last() {
            if next[task] == starts[task + 1] {
                on_way[task] = false;
                way.pop();
                continue;
            }
            let edge = next[task];
            next[task] += 1;
            let to = edges[edge].1;
            if on_way[to] {
                turned[edge] = true;
            } else if !seen[to] {
                seen[to] = true;
                on_way[to] = true;
                way.push(to);
            }
        }
    }
    let mut arcs: Vec<Arc> = edges
        .iter()
        .zip(turned)
        .map(|(&(from, to), turned)| {
            if turned {
                Arc {
                    from: to,
                    to: from,
                    turned,
                }
            } else {
                Arc { from, to, turned }
            }
        })
        .collect();
    sort::by(&mut arcs, Ord::cmp);
    arcs
}

/// Where each task's entries begin in a list sorted by task, and the end as one more.
pub(super) fn starts(count: usize, tasks: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0; count + 1];
    for task in tasks {
        starts[task + 1] += 1;
    }
    for task in 0..count {
        starts[task + 1] += starts[task];
    }
    starts
}
