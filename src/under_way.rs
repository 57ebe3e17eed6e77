//! What has been asked of the server and has no answer yet: a second press meanwhile asks for nothing.

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;

/// The things that are under way, by key. Copying it copies handles.
pub struct UnderWay<K: 'static>(RwSignal<Vec<K>>);

impl<K> Clone for UnderWay<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for UnderWay<K> {}

impl<K: PartialEq + Send + Sync + 'static> UnderWay<K> {
    /// With nothing under way.
    pub fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Whether it is under way; followed when it is read reactively.
    pub fn has(self, key: &K) -> bool {
        self.0.with(|keys| keys.contains(key))
    }

    /// Notes that it begins; false when it is under way already.
    pub fn begin(self, key: K) -> bool {
        let is_new = self.0.with_untracked(|keys| !keys.contains(&key));
        if is_new {
            self.0.update(|keys| keys.push(key));
        }
        is_new
    }

    /// Notes that it has ended. The page may have been left meanwhile.
    pub fn end(self, key: &K) {
        self.0.try_update(|keys| keys.retain(|other| other != key));
    }
}

/// Starts runs of flows at a click. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct QuickRun {
    /// Takes the flow, its name, and its required parameters without a value.
    pub start: Callback<(FlowId, String, Vec<String>)>,
    /// The flows of which a run is being started.
    pub under_way: UnderWay<FlowId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_does_not_begin_again() {
        let owner = Owner::new();
        owner.set();
        let under_way = UnderWay::new();
        assert!(under_way.begin(1));
        assert!(!under_way.begin(1));
        assert!(under_way.begin(2));
        under_way.end(&1);
        assert!(under_way.begin(1));
        assert!(under_way.0.with_untracked(|keys| keys == &[2, 1]));
    }
}
