//! A view that is made anew when what it reads changes.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

/// A closure as a view. In the braces of `view!` Leptos does the same; a closure that is the whole view of a component
/// must be handed over here, or all that renders it is compiled anew for it.
pub fn live<V: IntoView>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    let boxed: Arc<Mutex<dyn FnMut() -> AnyView + Send>> = Arc::new(Mutex::new(move || view().into_any()));
    boxed.into_any()
}
