//! What can be done on the page that is shown: whatever can do something registers it in one line, and the command
//! palette offers it.

use leptos::prelude::*;

use super::icon::Icon;

/// Something that can be done here. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct PageAction {
    /// Where it can be done, as the words above it.
    pub group: &'static str,
    /// The words, as on its button.
    pub label: Signal<String>,
    /// The icon before them.
    pub icon: Icon,
    /// Whether it can be done now; otherwise it is not offered.
    pub can: Signal<bool>,
    /// Does it, or asks before.
    pub run: Callback<()>,
}

/// What can be done on the page, in the order in which it was registered.
#[derive(Clone, Copy)]
pub struct PageActions {
    list: RwSignal<Vec<(usize, PageAction)>>,
    next_id: StoredValue<usize>,
}

impl PageActions {
    /// What can be done now; followed when it is read reactively.
    pub fn offered(self) -> Vec<PageAction> {
        let actions = self.list.get().into_iter().map(|(_, action)| action);
        actions.filter(|action| action.can.get()).collect()
    }

    fn add(self, action: PageAction) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id + 1);
        self.list.update(|list| list.push((id, action)));
        on_cleanup(move || {
            self.list
                .try_update(|list| list.retain(|(other, _)| *other != id));
        });
    }
}

/// Provides the register to everything below.
pub fn provide_page_actions() {
    provide_context(PageActions {
        list: RwSignal::new(Vec::new()),
        next_id: StoredValue::new(0),
    });
}

/// What can be done on the page.
pub fn use_page_actions() -> PageActions {
    expect_context()
}

/// Offers something in the command palette for as long as the calling component lives. What ends or deletes
/// something must ask first, as its button does:
///
/// ```ignore
/// use_page_action("Cancel", Icon::Stop, move || can_cancel.get(), Callback::new(move |()| asking.set(true)));
/// ```
pub fn use_page_action(
    label: impl Into<Signal<String>>,
    icon: Icon,
    can: impl Fn() -> bool + Send + Sync + 'static,
    run: Callback<()>,
) {
    use_page_actions().add(PageAction {
        group: "On this page",
        label: label.into(),
        icon,
        can: Signal::derive(can),
        run,
    });
}

/// The same for what can be done on every page.
pub fn use_action_everywhere(label: impl Into<Signal<String>>, icon: Icon, run: Callback<()>) {
    use_page_actions().add(PageAction {
        group: EVERYWHERE,
        label: label.into(),
        icon,
        can: Signal::stored(true),
        run,
    });
}

/// The group of what can be done on every page.
pub const EVERYWHERE: &str = "Everywhere";
