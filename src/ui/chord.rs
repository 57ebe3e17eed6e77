//! Two keys one after the other: `g`, then another.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// A `g` that is older than this is forgotten, in milliseconds.
const MEMORY: f64 = 1_500.0;

/// Remembers a `g` for a moment. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Chord(StoredValue<Option<f64>>);

impl Chord {
    /// Nothing pressed yet.
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Takes each key in turn; whether it comes right after a `g`.
    pub fn press(self, event: &KeyboardEvent) -> bool {
        let (follows, begun) = after_g(self.0.get_value(), &event.key(), event.time_stamp());
        self.0.set_value(begun);
        follows
    }
}

/// Whether a key that is pressed `at` a time follows a `g` of the time `begun`, and the time of the `g` that the next
/// one may follow.
fn after_g(begun: Option<f64>, key: &str, at: f64) -> (bool, Option<f64>) {
    let follows = begun.is_some_and(|begun| at - begun <= MEMORY);
    (follows, (key == "g" && !follows).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::after_g;

    #[test]
    fn a_g_is_followed_by_one_key_and_not_for_long() {
        assert_eq!(after_g(None, "f", 10.0), (false, None));
        assert_eq!(after_g(None, "g", 10.0), (false, Some(10.0)));
        assert_eq!(after_g(Some(10.0), "f", 900.0), (true, None));
        assert_eq!(after_g(Some(10.0), "g", 900.0), (true, None), "the second of two");
        assert_eq!(after_g(Some(10.0), "f", 60_010.0), (false, None));
        assert_eq!(after_g(Some(10.0), "g", 60_010.0), (false, Some(60_010.0)));
    }
}
