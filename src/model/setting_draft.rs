//! What a person writes for a setting, and what becomes of it when the server has another value.

/// What a person writes for a setting, beside the value that the server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingDraft<T> {
    typed: Option<T>,
    /// What has been saved of it. It is shown until the server tells its own value, which may take a moment.
    saved: Option<T>,
}

impl<T> Default for SettingDraft<T> {
    fn default() -> Self {
        Self {
            typed: None,
            saved: None,
        }
    }
}

impl<T: Clone + PartialEq> SettingDraft<T> {
    /// What the editor shows, while this is the server's value.
    #[must_use]
    pub fn shown(&self, of_server: T) -> T {
        self.typed.clone().unwrap_or(of_server)
    }

    /// What is typed, if anything.
    #[must_use]
    pub fn typed(&self) -> Option<&T> {
        self.typed.as_ref()
    }

    /// Whether there is something to save. `is_same`: two values mean the same.
    #[must_use]
    pub fn is_changed(&self, of_server: &T, is_same: fn(&T, &T) -> bool) -> bool {
        let is_new = |typed: &&T| self.saved.as_ref() != Some(*typed) && !is_same(typed, of_server);
        self.typed.as_ref().is_some_and(|typed| is_new(&typed))
    }

    /// Takes what is typed now.
    pub fn write(&mut self, typed: T) {
        self.typed = Some(typed);
    }

    /// Nothing is typed any more.
    pub fn discard(&mut self) {
        *self = Self::default();
    }

    /// This was saved.
    pub fn saved(&mut self, sent: Option<T>) {
        self.saved = sent;
    }

    /// The server has another value: what was saved gives way to it, what was not stays.
    pub fn follow(&mut self) {
        if self.saved.is_some() && self.typed == self.saved {
            self.typed = None;
        }
        self.saved = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(one: &&str, other: &&str) -> bool {
        one.trim() == other.trim()
    }

    #[test]
    fn what_is_saved_is_not_to_be_saved_again_and_gives_way_to_what_others_save() {
        let mut draft = SettingDraft::default();
        assert!(!draft.is_changed(&"old", is_same));
        draft.write("mine");
        assert!(draft.is_changed(&"old", is_same));
        draft.saved(Some("mine"));
        // Before the page has asked again.
        assert!(!draft.is_changed(&"old", is_same));
        assert_eq!(draft.shown("old"), "mine");
        // The server writes it otherwise.
        draft.follow();
        assert_eq!(draft.shown(" mine "), " mine ");
        draft.follow();
        assert!(!draft.is_changed(&"a colleague's", is_same));
        assert_eq!(draft.shown("a colleague's"), "a colleague's");
    }

    #[test]
    fn what_is_not_saved_stays_and_what_means_the_same_is_no_change() {
        let mut draft = SettingDraft::default();
        draft.write("mine");
        draft.follow();
        assert_eq!(draft.shown("a colleague's"), "mine");
        assert!(draft.is_changed(&"a colleague's", is_same));
        assert!(!draft.is_changed(&" mine", is_same));
        // Written on while the first of it was being saved.
        draft.write("mine and more");
        draft.saved(Some("mine"));
        draft.follow();
        assert!(draft.is_changed(&"mine", is_same));
        draft.discard();
        assert_eq!((draft.typed(), draft.shown("mine")), (None, "mine"));
    }
}
