//! Which rows of the run history are picked for an action.

use std::collections::HashSet;

use flowdeck_vocabulary::FlowRunId;

/// The picked runs: some of those loaded, or all that match the filter but some.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunSelection {
    /// Those that are picked; of all that match, those that are not.
    marked: HashSet<FlowRunId>,
    /// Where a range with the shift key begins.
    anchor: Option<FlowRunId>,
    all_matching: bool,
}

impl RunSelection {
    /// Whether the run is picked.
    #[must_use]
    pub fn contains(&self, id: FlowRunId) -> bool {
        self.all_matching != self.marked.contains(&id)
    }

    /// Whether nothing is picked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all_matching && self.marked.is_empty()
    }

    /// Whether all runs that match are meant, loaded or not; all but [`left_out`](Self::left_out).
    #[must_use]
    pub fn is_all_matching(&self) -> bool {
        self.all_matching
    }

    /// How many are picked among those loaded, unless all that match are meant.
    #[must_use]
    pub fn len(&self) -> usize {
        if self.all_matching { 0 } else { self.marked.len() }
    }

    /// Those that are not meant when all that match are.
    #[must_use]
    pub fn left_out(&self) -> HashSet<FlowRunId> {
        if self.all_matching {
            self.marked.clone()
        } else {
            HashSet::new()
        }
    }

    /// Picks a run, or lets it go; with `range` all rows from the last one picked to this one become like it.
    /// `order` is the loaded runs as they are shown.
    pub fn toggle(&mut self, id: FlowRunId, range: bool, order: &[FlowRunId]) {
        let pick = !self.contains(id);
        let place = |id: FlowRunId| order.iter().position(|other| *other == id);
        let ends = self.anchor.filter(|_| range).and_then(place).zip(place(id));
        let ids = match ends {
            Some((a, b)) => &order[a.min(b)..=a.max(b)],
            None => &[id],
        };
        for id in ids {
            if pick == self.all_matching {
                self.marked.remove(id);
            } else {
                self.marked.insert(*id);
            }
        }
        self.anchor = Some(id);
    }

    /// Picks all loaded runs; lets all go when they are picked already.
    pub fn toggle_loaded(&mut self, order: &[FlowRunId]) {
        let all = !self.is_empty() && order.iter().all(|id| self.contains(*id));
        if all {
            *self = Self::default();
        } else if self.all_matching {
            self.marked.clear();
        } else {
            self.marked = order.iter().copied().collect();
        }
    }

    /// Lets go of the runs that are no longer there; whether there was any. A run that is left out of all that match stays
    /// so: it may only be loaded no longer.
    pub fn forget(&mut self, is_there: impl Fn(FlowRunId) -> bool) -> bool {
        let before = self.marked.len();
        if !self.all_matching {
            self.marked.retain(|id| is_there(*id));
        }
        self.marked.len() < before
    }

    /// Means all runs that match, loaded or not.
    pub fn pick_all_matching(&mut self) {
        *self = Self {
            all_matching: true,
            ..Self::default()
        };
    }

    /// The picked runs among those loaded, in their order.
    #[must_use]
    pub fn among(&self, order: &[FlowRunId]) -> Vec<FlowRunId> {
        order.iter().copied().filter(|id| self.contains(*id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::run_list::tests::id;

    fn order() -> Vec<FlowRunId> {
        (0..6).map(id).collect()
    }

    #[test]
    fn shift_picks_everything_in_between_in_either_direction() {
        let order = order();
        let mut selection = RunSelection::default();
        selection.toggle(id(4), false, &order);
        selection.toggle(id(2), true, &order);
        assert_eq!(selection.among(&order), [id(2), id(3), id(4)]);
        // And lets go of everything in between when the row it ends at was picked.
        selection.toggle(id(3), true, &order);
        assert_eq!(selection.among(&order), [id(4)]);
    }

    #[test]
    fn what_is_no_longer_there_is_no_longer_picked() {
        let mut selection = RunSelection::default();
        selection.toggle_loaded(&order());
        assert!(!selection.forget(|_| true));
        assert!(selection.forget(|run| run != id(1)));
        assert_eq!(selection.len(), 5);
    }

    #[test]
    fn a_range_without_a_beginning_is_one_row() {
        let mut selection = RunSelection::default();
        selection.toggle(id(3), true, &order());
        assert_eq!(selection.among(&order()), [id(3)]);
    }

    #[test]
    fn the_head_picks_all_loaded_and_lets_them_go() {
        let order = order();
        let mut selection = RunSelection::default();
        selection.toggle(id(1), false, &order);
        selection.toggle_loaded(&order);
        assert_eq!(selection.len(), 6);
        selection.toggle_loaded(&order);
        assert!(selection.is_empty());
    }

    #[test]
    fn all_that_match_are_meant_but_those_that_are_let_go() {
        let order = order();
        let mut selection = RunSelection::default();
        selection.toggle_loaded(&order);
        selection.pick_all_matching();
        assert!(order.iter().all(|run| selection.contains(*run)) && selection.contains(id(99)));
        selection.toggle(id(1), false, &order);
        assert!(selection.is_all_matching() && selection.contains(id(99)));
        assert_eq!(selection.left_out(), [id(1)].into());
        selection.toggle(id(3), true, &order);
        assert_eq!(selection.left_out(), [id(1), id(2), id(3)].into());
        assert_eq!(selection.among(&order), [id(0), id(4), id(5)]);
        selection.toggle(id(2), false, &order);
        assert_eq!(selection.left_out(), [id(1), id(3)].into());
        // It may be loaded no longer, and is not meant all the same.
        assert!(!selection.forget(|run| run != id(1)));
        assert!(!selection.contains(id(1)));
        // The head means them all again, and then none.
        selection.toggle_loaded(&order);
        assert!(selection.is_all_matching() && selection.left_out().is_empty());
        selection.toggle_loaded(&order);
        assert!(selection.is_empty());
    }
}
