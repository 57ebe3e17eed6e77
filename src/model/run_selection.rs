//! Which rows of the run history are picked for an action.

use std::collections::HashSet;

use flowdeck_vocabulary::FlowRunId;

/// The picked runs: some of those loaded, or all that match the filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunSelection {
    picked: HashSet<FlowRunId>,
    /// Where a range with the shift key begins.
    anchor: Option<FlowRunId>,
    all_matching: bool,
}

impl RunSelection {
    /// Whether the run is picked.
    #[must_use]
    pub fn contains(&self, id: FlowRunId) -> bool {
        self.all_matching || self.picked.contains(&id)
    }

    /// Whether nothing is picked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all_matching && self.picked.is_empty()
    }

    /// Whether all runs that match are meant, loaded or not.
    #[must_use]
    pub fn is_all_matching(&self) -> bool {
        self.all_matching
    }

    /// How many are picked among those loaded.
    #[must_use]
    pub fn len(&self) -> usize {
        self.picked.len()
    }

    /// Picks a run, or lets it go; with `range` all rows from the last one picked to this one become like it.
    /// `order` is the loaded runs as they are shown.
    pub fn toggle(&mut self, id: FlowRunId, range: bool, order: &[FlowRunId]) {
        // From "all that match" a single one cannot be taken away without asking for all of them: the loaded ones stay.
        if self.all_matching {
            self.all_matching = false;
            self.picked = order.iter().copied().collect();
        }
        let pick = !self.picked.contains(&id);
        let place = |id: FlowRunId| order.iter().position(|other| *other == id);
        let ends = self.anchor.filter(|_| range).and_then(place).zip(place(id));
        let ids = match ends {
            Some((a, b)) => &order[a.min(b)..=a.max(b)],
            None => &[id],
        };
        for id in ids {
            if pick {
                self.picked.insert(*id);
            } else {
                self.picked.remove(id);
            }
        }
        self.anchor = Some(id);
    }

    /// Picks all loaded runs; lets all go when they are picked already.
    pub fn toggle_loaded(&mut self, order: &[FlowRunId]) {
        let all = !self.is_empty() && order.iter().all(|id| self.contains(*id));
        *self = Self::default();
        if !all {
            self.picked = order.iter().copied().collect();
        }
    }

    /// Lets go of the runs that are no longer there; whether there was any.
    pub fn forget(&mut self, is_there: impl Fn(FlowRunId) -> bool) -> bool {
        let before = self.picked.len();
        self.picked.retain(|id| is_there(*id));
        self.picked.len() < before
    }

    /// Means all runs that match, loaded or not.
    pub fn pick_all_matching(&mut self) {
        self.all_matching = true;
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
    fn all_that_match_includes_what_is_not_loaded_until_one_is_let_go() {
        let order = order();
        let mut selection = RunSelection::default();
        selection.toggle_loaded(&order);
        selection.pick_all_matching();
        assert!(selection.contains(id(99)));
        selection.toggle(id(1), false, &order);
        assert!(!selection.is_all_matching());
        assert_eq!(selection.len(), 5);
        assert!(!selection.contains(id(1)) && !selection.contains(id(99)));
    }
}
