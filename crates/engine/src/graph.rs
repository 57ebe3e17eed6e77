//! Graphs of tasks as numbers: order, cycles, depths, roots and leaves. Pure.

/// A directed graph: `(from, to)` pairs over the nodes `0..size`.
#[derive(Debug, Clone)]
pub struct Graph {
    downstream: Vec<Vec<usize>>,
    upstream: Vec<Vec<usize>>,
}

/// The nodes of a circle, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<usize>);

impl Graph {
    /// A graph of that many nodes. Repeated edges count once.
    #[must_use]
    pub fn new(size: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut graph = Self {
            downstream: vec![Vec::new(); size],
            upstream: vec![Vec::new(); size],
        };
        for (from, to) in edges {
            graph.downstream[from].push(to);
            graph.upstream[to].push(from);
        }
        for list in graph.downstream.iter_mut().chain(&mut graph.upstream) {
            list.sort_unstable();
            list.dedup();
        }
        graph
    }

    /// The nodes directly after this one.
    #[must_use]
    pub fn downstream(&self, node: usize) -> &[usize] {
        &self.downstream[node]
    }

    /// The nodes directly before this one.
    #[must_use]
    pub fn upstream(&self, node: usize) -> &[usize] {
        &self.upstream[node]
    }

    /// The nodes nothing comes after.
    pub fn leaves(&self) -> impl Iterator<Item = usize> {
        (0..self.downstream.len()).filter(|&node| self.downstream[node].is_empty())
    }

    /// All nodes, each after everything upstream of it; among equals the lower number first.
    ///
    /// # Errors
    /// The nodes of one circle, when there is any.
    pub fn order(&self) -> Result<Vec<usize>, Cycle> {
        let mut missing: Vec<usize> = self.upstream.iter().map(Vec::len).collect();
        let mut ready: std::collections::BTreeSet<usize> =
            (0..missing.len()).filter(|&node| missing[node] == 0).collect();
        let mut order = Vec::with_capacity(missing.len());
        while let Some(node) = ready.pop_first() {
            order.push(node);
            for &next in &self.downstream[node] {
                missing[next] -= 1;
                if missing[next] == 0 {
                    ready.insert(next);
                }
            }
        }
        if order.len() == missing.len() {
            Ok(order)
        } else {
            Err(self.cycle_among(&missing))
        }
    }

    /// Walks upstream among the nodes that could not be ordered until one comes up twice.
    fn cycle_among(&self, missing: &[usize]) -> Cycle {
        let Some(mut node) = (0..missing.len()).find(|&node| missing[node] > 0) else {
            return Cycle(Vec::new());
        };
        let mut path = Vec::new();
        loop {
            if let Some(start) = path.iter().position(|&seen| seen == node) {
                let mut circle = path.split_off(start);
                circle.reverse();
                return Cycle(circle);
            }
            path.push(node);
            let Some(&next) = self.upstream[node].iter().find(|&&up| missing[up] > 0) else {
                return Cycle(path);
            };
            node = next;
        }
    }

    /// For each node the length of the longest way to it. The graph must have an order.
    #[must_use]
    pub fn depths(&self, order: &[usize]) -> Vec<usize> {
        let mut depths = vec![0; order.len()];
        for &node in order {
            depths[node] = self.upstream[node]
                .iter()
                .map(|&up| depths[up] + 1)
                .max()
                .unwrap_or(0);
        }
        depths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_depths_of_a_diamond() {
        let graph = Graph::new(5, [(3, 1), (3, 2), (1, 0), (2, 0), (1, 0)]);
        let order = graph.order().unwrap();
        assert_eq!(order, [3, 1, 2, 0, 4]);
        assert_eq!(graph.depths(&order), [2, 1, 1, 0, 0]);
        assert_eq!(graph.leaves().collect::<Vec<_>>(), [0, 4]);
        assert_eq!(graph.upstream(0), [1, 2]);
    }

    #[test]
    fn a_circle_is_found_in_its_order() {
        let graph = Graph::new(5, [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)]);
        let Cycle(circle) = graph.order().unwrap_err();
        assert_eq!(circle.len(), 3);
        for (i, &node) in circle.iter().enumerate() {
            assert!(
                graph.downstream(node).contains(&circle[(i + 1) % 3]),
                "{circle:?}"
            );
        }
        assert_eq!(Graph::new(1, [(0, 0)]).order(), Err(Cycle(vec![0])));
    }
}
