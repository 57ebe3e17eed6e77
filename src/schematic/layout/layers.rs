//! A layer for each task: below all it waits for, and as near as may be to what it is connected with.

use super::arcs::{Arc, starts};
use crate::sort;

/// Rounds of pulling tasks together; it settles after two or three, and must end in any case.
const ROUNDS: usize = 8;

/// The layer of each task, counted from 0 in each connected part.
pub(super) fn assign(count: usize, arcs: &[Arc]) -> Vec<usize> {
    let below = starts(count, arcs.iter().map(|arc| arc.from));
    let mut turned: Vec<(usize, usize)> = arcs.iter().map(|arc| (arc.to, arc.from)).collect();
    sort::by(&mut turned, Ord::cmp);
    let above = starts(count, turned.iter().map(|arc| arc.0));
    let downstream = |task: usize| arcs[below[task]..below[task + 1]].iter().map(|arc| arc.to);
    let upstream = |task: usize| turned[above[task]..above[task + 1]].iter().map(|arc| arc.1);

    // Upstream first; each task below the lowest it waits for.
    let mut layer = vec![0; count];
    let mut waits: Vec<usize> = (0..count).map(|task| above[task + 1] - above[task]).collect();
    let mut sorted: Vec<usize> = (0..count).filter(|&task| waits[task] == 0).collect();
    let mut at = 0;
    while at < sorted.len() {
        let task = sorted[at];
        at += 1;
        for to in downstream(task) {
            layer[to] = layer[to].max(layer[task] + 1);
            waits[to] -= 1;
            if waits[to] == 0 {
                sorted.push(to);
            }
        }
    }

    // That leaves every task as high as possible: a parameter of the last task would stand in the first layer.
    // A task with more edges below than above moves down, one with more above moves up; with as many of each
    // it follows down, and comes back if nothing was gained by it.
    for _ in 0..ROUNDS {
        let mut moved = false;
        for &task in sorted.iter().rev() {
            let (ups, downs) = (upstream(task).len(), downstream(task).len());
            let lowest = downstream(task).map(|to| layer[to] - 1).min();
            if let Some(lowest) = lowest.filter(|&lowest| lowest > layer[task] && downs >= ups) {
                layer[task] = lowest;
                moved |= downs > ups;
            }
        }
        for &task in &sorted {
            let (ups, downs) = (upstream(task).len(), downstream(task).len());
            let highest = upstream(task).map(|from| layer[from] + 1).max();
            if let Some(highest) = highest.filter(|&highest| highest < layer[task] && ups >= downs) {
                layer[task] = highest;
                moved |= ups > downs;
            }
        }
        if !moved {
            break;
        }
    }
    layer
}
