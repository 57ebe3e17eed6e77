//! What can be done with the run that is shown: what its state calls for as buttons, the rest in a menu.

use leptos::html;
use leptos::prelude::*;

use crate::model::Offer;
use crate::ui::button::Button;
use crate::ui::each::Each;
use crate::ui::focus::rescue_focus_by;
use crate::ui::icon::Icon;
use crate::ui::menu::{Menu, MenuItem};
use crate::ui::page_action::use_page_action;

/// One thing that can be done. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Action {
    /// The words, which tell it from the others; `…` says that something is asked first.
    pub label: &'static str,
    /// The icon before them.
    pub icon: Icon,
    /// Whether it ends something for good.
    pub is_danger: bool,
    /// Where it is offered now.
    pub offer: Signal<Option<Offer>>,
    /// Whether it is being done.
    pub is_under_way: Signal<bool>,
    /// Does it, or asks before.
    pub run: Callback<()>,
}

/// The buttons and the menu.
#[component]
pub fn ActionBar(
    /// The actions, in the order in which they are offered.
    actions: Vec<Action>,
    /// Whether the page is about this run: the command palette offers the actions, too.
    is_of_page: bool,
) -> impl IntoView {
    if is_of_page {
        for action in &actions {
            let offer = action.offer;
            use_page_action(
                action.label,
                action.icon,
                move || offer.get().is_some(),
                action.run,
            );
        }
    }
    let actions = StoredValue::new(actions);
    let offered = move |at: Offer| {
        let is_there = |action: &&Action| action.offer.get() == Some(at);
        actions.with_value(|actions| actions.iter().filter(is_there).copied().collect::<Vec<_>>())
    };
    let bar = NodeRef::<html::Div>::new();
    let had_focus = StoredValue::new(false);
    // The button that was pressed goes with the state it was for.
    Effect::new(move |before: Option<Vec<&str>>| {
        let buttons = offered(Offer::Button).into_iter();
        let labels: Vec<&str> = buttons.map(|action| action.label).collect();
        if before.is_some_and(|before| before != labels) && had_focus.get_value() {
            rescue_focus_by(move || bar.try_get_untracked()??.query_selector(".button").ok()?);
        }
        labels
    });
    view! {
        <div
            class="page__actions"
            node_ref=bar
            on:focusin=move |_| had_focus.set_value(true)
            on:focusout=move |event| had_focus.set_value(event.related_target().is_none())
        >
            <Each of=move || offered(Offer::Button) key=|action| action.label let:action>
                <Button label=action.label icon=action.icon busy=action.is_under_way on_click=action.run/>
            </Each>
            <Menu
                label="More"
                items=Callback::new(move |()| {
                    let item = |action: Action| MenuItem {
                        label: action.label.to_owned(),
                        is_danger: action.is_danger,
                        on_click: action.run,
                    };
                    untrack(|| offered(Offer::Menu)).into_iter().map(item).collect()
                })
            />
        </div>
    }
}
