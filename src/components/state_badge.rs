//! A state: always icon and word and color together.

use flowdeck_vocabulary::{StateGroup, StateType};
use leptos::prelude::*;

pub use crate::format::state_word;
use crate::ui::icon::{Glyph, Icon};

/// The icon of a state. No two that occur side by side share a shape.
pub fn state_icon(state: StateType) -> Icon {
    match state {
        StateType::Pending => Icon::Ring,
        StateType::Scheduled => Icon::Clock,
        StateType::Paused => Icon::Pause,
        StateType::Resume => Icon::Resume,
        StateType::Retrying => Icon::Retry,
        StateType::Submitted => Icon::Send,
        StateType::Queued => Icon::Queue,
        StateType::ClientFailed => Icon::Lightning,
        StateType::Running => Icon::HalfRing,
        StateType::Cancelling => Icon::Stop,
        StateType::Finished => Icon::Flag,
        StateType::Success => Icon::Check,
        StateType::Cached => Icon::CheckBolt,
        StateType::Mapped => Icon::Fan,
        StateType::Skipped => Icon::Skip,
        StateType::Looped => Icon::Loop,
        StateType::Cancelled => Icon::Slash,
        StateType::Failed => Icon::Cross,
        StateType::TimedOut => Icon::Hourglass,
        StateType::TriggerFailed => Icon::Broken,
        StateType::ValidationFailed => Icon::Shield,
    }
}

/// The state that stands for its group: it has the group's name, icon and color.
pub fn group_state(group: StateGroup) -> StateType {
    match group {
        StateGroup::Pending => StateType::Pending,
        StateGroup::Running => StateType::Running,
        StateGroup::Success => StateType::Success,
        StateGroup::Failed => StateType::Failed,
        StateGroup::Cancelled => StateType::Cancelled,
    }
}

/// A state in a line of text or a table.
#[component]
pub fn StateBadge(
    /// The state.
    #[prop(into)]
    state: Signal<StateType>,
    /// Shows the icon alone, with the word on hover and for screen readers.
    #[prop(optional)]
    dense: bool,
    /// Larger, for the head of a page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    // A state that changes before one's eyes gets one soft pulse; one that was there when the page came does not.
    let changed = Memo::new(move |before: Option<&(StateType, bool)>| {
        let state = state.get();
        (
            state,
            before.is_some_and(|(old, pulsed)| *old != state || *pulsed),
        )
    });
    view! {
        <span
            class="state-badge"
            data-state=move || state.get().css_name()
            data-size=large.then_some("large")
            data-changed=move || changed.get().1.then_some("true")
            title=move || dense.then(|| state_word(state.get()))
        >
            <Glyph icon=Signal::derive(move || state_icon(state.get())) size=if large { 20 } else { 16 }/>
            <span class="state-badge__word" class:visually-hidden=dense>{move || state_word(state.get())}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_shape_of_its_own() {
        for (index, state) in StateType::ALL.into_iter().enumerate() {
            for other in &StateType::ALL[index + 1..] {
                assert_ne!(state_icon(state), state_icon(*other), "{state} and {other}");
            }
        }
    }

    #[test]
    fn a_group_is_stood_for_by_one_of_its_states() {
        for group in StateGroup::ALL {
            let state = group_state(group);
            assert_eq!((state.group(), state.name()), (group, group.name()));
        }
    }
}
