//! A simple layered layout: each task below everything upstream of it, neighbours pulled towards each other.
//! Pure: from a graph to rows.

use crate::graph::Graph;

/// How often rows are sorted anew by their neighbours' places; more changes little.
const ROUNDS: usize = 8;

/// The rows from top to bottom, each with its nodes from left to right.
pub(super) fn rows(size: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let graph = Graph::new(size, edges.iter().copied());
    // A flow has an order; were there none, one row is as good as another.
    let order = graph.order().unwrap_or_else(|_| (0..size).collect());
    let depths = graph.depths(&order);
    let mut rows = vec![Vec::new(); depths.iter().max().map_or(0, |deepest| deepest + 1)];
    for node in 0..size {
        rows[depths[node]].push(node);
    }
    let mut places = vec![0.0; size];
    note_places(&rows, &mut places);
    for round in 0..ROUNDS {
        let downwards = round % 2 == 0;
        let neighbours = |node| {
            if downwards {
                graph.upstream(node)
            } else {
                graph.downstream(node)
            }
        };
        let mut numbers: Vec<usize> = (0..rows.len()).collect();
        if !downwards {
            numbers.reverse();
        }
        for number in numbers {
            sort_by_neighbours(&mut rows[number], &places, neighbours);
            note_places(std::slice::from_ref(&rows[number]), &mut places);
        }
    }
    rows
}

/// A place is counted from the middle of its row, so that rows of different lengths compare.
fn note_places(rows: &[Vec<usize>], places: &mut [f64]) {
    for row in rows {
        let middle = (to_f64(row.len()) - 1.0) / 2.0;
        for (place, &node) in row.iter().enumerate() {
            places[node] = to_f64(place) - middle;
        }
    }
}

fn sort_by_neighbours<'g>(row: &mut [usize], places: &[f64], neighbours: impl Fn(usize) -> &'g [usize]) {
    let wish = |node: usize| {
        let neighbours = neighbours(node);
        if neighbours.is_empty() {
            return places[node];
        }
        neighbours.iter().map(|&neighbour| places[neighbour]).sum::<f64>() / to_f64(neighbours.len())
    };
    row.sort_by(|&a, &b| wish(a).total_cmp(&wish(b)));
}

fn to_f64(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_below_everything_upstream_of_it() {
        assert_eq!(rows(4, &[(0, 1), (1, 2), (0, 2), (2, 3)]), [[0], [1], [2], [3]]);
        assert_eq!(rows(0, &[]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn neighbours_come_to_stand_side_by_side() {
        // Drawn as numbered, all three edges would cross.
        let crossed = rows(6, &[(0, 5), (1, 4), (2, 3)]);
        assert_eq!(crossed, [vec![0, 1, 2], vec![5, 4, 3]]);
    }
}
