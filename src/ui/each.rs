//! A list whose rows stay where they are while others come and go.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use leptos::prelude::*;

/// One row: what it is told apart by, and its view, made when the row is new.
type Row = (u64, Box<dyn FnOnce() -> AnyView + Send>);

/// Shows each of some items and keeps the row of an item whose key stays, as Leptos' `For` does; that one is
/// compiled anew for every list, this one once.
#[component]
pub fn Each<T, K, V>(
    /// The items.
    of: impl Fn() -> Vec<T> + Send + 'static,
    /// What an item is told apart by: an item with another key has a new row.
    key: impl Fn(&T) -> K + Send + 'static,
    /// The view of an item.
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    K: Hash,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    rows(Box::new(move || {
        let row = |item: T| -> Row {
            let key = hash(&key(&item));
            let children = Arc::clone(&children);
            (key, Box::new(move || children(item).into_any()))
        };
        of().into_iter().map(row).collect()
    }))
}

/// What a row shows, which may change while the row stays: the item of the list that is the same one as `first`, as it
/// is now, and as it was last once it is gone.
pub fn item<T: Clone + PartialEq + Send + Sync + 'static>(
    list: Signal<Vec<T>>,
    first: T,
    is_same: fn(&T, &T) -> bool,
) -> Memo<T> {
    Memo::new(move |last: Option<&T>| {
        let last = last.unwrap_or(&first);
        let now = list.with(|list| list.iter().find(|item| is_same(item, last)).cloned());
        now.unwrap_or_else(|| last.clone())
    })
}

fn rows(of: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    For(ForProps {
        each: of,
        key: |row: &Row| row.0,
        children: |row: Row| row.1(),
    })
    .into_any()
}

/// Stands for a key. That two of a million keys meet in 64 bits happens once in forty million such lists.
fn hash(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
