//! What is shown only while something holds.

use leptos::children::ViewFn;
use leptos::prelude::*;

/// Shows its children while the condition holds, as Leptos' `Show` does; that one is compiled anew for every place,
/// this one once.
#[component]
pub fn Only(
    /// The condition.
    when: impl Fn() -> bool + Send + Sync + 'static,
    /// What is shown while it holds.
    children: ChildrenFn,
    /// What is shown otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    either(Memo::new(move |_| when()), children, fallback)
}

fn either(when: Memo<bool>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    view! { {move || if when.get() { children() } else { fallback.run() }} }.into_any()
}
