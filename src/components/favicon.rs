//! The icon in the browser's tab follows the state of what is shown: the state's own icon in its color; a grey one of its
//! own while the server is away.

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::state_badge::state_icon;
use crate::session::use_offline;
use crate::ui::icon::Icon;

/// Shows a state in the browser's tab for as long as the calling component lives; `None` is the product's own icon.
pub fn use_favicon(state: impl Fn() -> Option<StateType> + Send + Sync + 'static) {
    let own = StoredValue::new(href().unwrap_or_default());
    // Many polls say the same again.
    let state = Memo::new(move |_| state());
    let offline = use_offline();
    Effect::new(move |_| match (offline.get(), state.get()) {
        (true, _) => show(&picture(Icon::Broken, &color("--ink-faint"))),
        (false, Some(state)) => show(&picture(
            state_icon(state),
            &color(&format!("--state-{}", state.css_name())),
        )),
        (false, None) => own.with_value(|own| show(own)),
    });
    on_cleanup(move || {
        own.try_with_value(|own| show(own));
    });
}

fn href() -> Option<String> {
    link()?.get_attribute("href")
}

fn link() -> Option<web_sys::Element> {
    document().query_selector("link[rel=icon]").ok().flatten()
}

fn show(href: &str) {
    if let Some(link) = link() {
        // Fail only for names that are no attribute's, and these are.
        let _ = link.set_attribute("href", href);
    }
}

/// A color of the style sheet as it is now, in the theme that is shown.
fn color(token: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let color = style.and_then(|style| style.get_property_value(token).ok());
    color.unwrap_or_default().trim().to_owned()
}

/// The icon as the address of a picture.
fn picture(icon: Icon, color: &str) -> String {
    let (stroked, filled) = icon.paths();
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' color='{color}'>\
         <path d='{stroked}' fill='none' stroke='currentColor' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'/>\
         <path d='{filled}' fill='currentColor'/></svg>"
    );
    let mut address = "data:image/svg+xml,".to_owned();
    for letter in svg.chars() {
        match letter {
            '#' => address.push_str("%23"),
            '%' => address.push_str("%25"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            other => address.push(other),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_the_whole_picture() {
        let address = picture(Icon::Check, &["#", "12ab", "34"].concat());
        assert!(address.starts_with("data:image/svg+xml,%3Csvg "), "{address}");
        assert!(address.contains("color='%2312ab34'"), "{address}");
        assert!(address.contains(Icon::Check.paths().0), "{address}");
        assert!(!address.contains(['#', '<', '>', '"']), "{address}");
    }
}
