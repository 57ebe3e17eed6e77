//! What follows an element's size.

use leptos::html::ElementType;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Calls `then` with the element once it is on the page, and each time its size changes.
pub fn on_resize<E>(frame: NodeRef<E>, then: Callback<Element>)
where
    E: ElementType<Output: JsCast + Into<Element> + Clone + 'static> + 'static,
{
    follow(Signal::derive_local(move || frame.get().map(Into::into)), then);
}

fn follow(frame: Signal<Option<Element>, LocalStorage>, then: Callback<Element>) {
    Effect::new(move |_| {
        let Some(element) = frame.get() else { return };
        let watched = element.clone();
        let read = Closure::<dyn FnMut()>::new(move || {
            // One last call may come after the component is gone, and its signals with it.
            then.try_run(watched.clone());
        });
        if let Ok(observer) = ResizeObserver::new(read.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = SendWrapper::new((observer, read));
            on_cleanup(move || kept.0.disconnect());
        }
    });
}
