//! Sorting that is compiled once: each type sorted by the standard library's own makes the module 4 kB larger.
//! The two innermost loops of the schematic's layout keep the standard library's, because there its speed counts.

use std::cmp::Ordering;

/// Sorts, keeping what is equal in its order.
pub fn by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(list.len(), &|a, b| compare(&list[a], &list[b]));
    let mut old: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|index| old[index].take()));
}

/// The indices from 0 to `count`, sorted.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut ours: Vec<(u32, String)> = (0..200_u32).map(|n| (n * 7919 % 13, n.to_string())).collect();
        let mut theirs = ours.clone();
        super::by(&mut ours, |a, b| a.0.cmp(&b.0));
        theirs.sort_by_key(|entry| entry.0);
        assert_eq!(ours, theirs);
    }
}
