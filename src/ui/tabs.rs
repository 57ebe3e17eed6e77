//! Tabs that are links: each is a URL, the browser's back button goes between them. The command palette has them, too.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::Icon;
use super::page_action::use_page_action;

/// One tab.
#[derive(Clone, PartialEq)]
pub struct TabLink {
    /// The word.
    pub label: &'static str,
    /// A count beside it.
    pub count: Option<String>,
    /// Where it leads.
    pub href: String,
    /// Whether it is the one shown.
    pub current: bool,
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// What the tabs divide, for screen readers.
    label: &'static str,
    /// The tabs from left to right.
    #[prop(into)]
    tabs: Signal<Vec<TabLink>>,
) -> impl IntoView {
    let count = tabs.with_untracked(Vec::len);
    let tab = move |index: usize| Memo::new(move |_| tabs.with(|tabs| tabs.get(index).cloned()));
    let nav = NodeRef::<html::Nav>::new();
    // On a phone not all of them fit: the one shown comes into sight.
    Effect::new(move |_| {
        let current = tabs.with(|tabs| tabs.iter().position(|tab| tab.current));
        let link = nav.get().zip(current).and_then(|(nav, current)| {
            let link = nav.query_selector(&format!("a:nth-child({})", current + 1));
            let link = link.ok().flatten()?.dyn_into::<web_sys::HtmlElement>().ok()?;
            Some((nav, link))
        });
        if let Some((nav, link)) = link {
            let margin = 48;
            nav.set_scroll_left(link.offset_left() - nav.offset_left() - margin);
        }
    });
    view! {
        <nav class="tabs" aria-label=label node_ref=nav>
            {(0..count)
                .map(|index| {
                    let tab = tab(index);
                    let read = move |f: fn(TabLink) -> String| tab.get().map(f);
                    let link = NodeRef::<html::A>::new();
                    use_page_action(
                        Signal::derive(move || read(|tab| tab.label.to_owned()).unwrap_or_default()),
                        Icon::Arrow,
                        move || tab.with(|tab| tab.as_ref().is_some_and(|tab| !tab.current)),
                        Callback::new(move |()| {
                            if let Some(link) = link.get_untracked() {
                                link.click();
                            }
                        }),
                    );
                    view! {
                        <a
                            class="tabs__tab"
                            node_ref=link
                            href=move || read(|tab| tab.href)
                            aria-current=move || tab.get().filter(|tab| tab.current).map(|_| "page")
                        >
                            {move || read(|tab| tab.label.to_owned())}
                            {move || {
                                tab.get()
                                    .and_then(|tab| tab.count)
                                    .map(|count| view! { <span class="tabs__count">{count}</span> })
                            }}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}
