//! Where the focus goes when what had it has been taken away: with the keys alone one would have to begin at the top.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Gives the focus to the first element that `css` finds, once the page is drawn anew, if nothing has it then.
pub fn rescue_focus(css: &'static str) {
    rescue_focus_by(move || document().query_selector(css).ok().flatten());
}

/// The same for the element that `find` answers then.
pub fn rescue_focus_by(find: impl Fn() -> Option<Element> + 'static) {
    // The first frame draws what has changed; a dialog that closes hands the focus back before the second.
    request_animation_frame(move || {
        request_animation_frame(move || {
            let is_lost = document()
                .active_element()
                .is_none_or(|element| element.tag_name() == "BODY");
            if is_lost && let Some(element) = find() {
                // What is drawn in SVG has the method, too. Fails only for what cannot have the focus; it stays lost then.
                let _ = element.unchecked_into::<HtmlElement>().focus();
            }
        });
    });
}
