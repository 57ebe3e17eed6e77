//! A field for a time zone, with the zones that the browser knows.

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::ui::combobox::{ComboField, ComboList, Combobox};
use crate::wall_clock::{is_zone, zones};

/// So many are shown at most; who looks for another writes more of its name.
const MOST: usize = 80;

/// Those whose names have each word of the text; a word may be a part of one, and spaces are as good as `_` and `/`.
fn matching<'a>(zones: &'a [String], text: &str) -> Vec<&'a String> {
    let text = text.to_ascii_lowercase().replace(['_', '/'], " ");
    let fits = |zone: &&String| {
        let zone = zone.to_ascii_lowercase().replace(['_', '/'], " ");
        text.split_whitespace().all(|word| zone.contains(word))
    };
    zones.iter().filter(fits).take(MOST).collect()
}

/// The field. What is written in it counts once it is the name of a zone.
#[component]
pub fn ZoneField(
    /// What it is the zone of.
    label: &'static str,
    /// The zone in force.
    #[prop(into)]
    zone: Signal<String>,
    /// Puts another in force.
    on_choose: Callback<String>,
) -> impl IntoView {
    let all = StoredValue::new(zones());
    let text = RwSignal::new(String::new());
    Effect::new(move |_| text.set(zone.get()));
    let options = RwSignal::new(Vec::<String>::new());
    let field = NodeRef::<html::Input>::new();
    let picked = RwSignal::new(None);
    let close = move || {
        options.set(Vec::new());
        picked.set(None);
    };
    let propose = move |wanted: &str| {
        let mut found: Vec<String> =
            all.with_value(|all| matching(all, wanted).into_iter().cloned().collect());
        // The browser lists a zone by one of its names and knows it by all.
        if found.is_empty() && is_zone(wanted.trim()) {
            found.push(wanted.trim().to_owned());
        }
        options.set(found);
        picked.set(None);
    };
    let choose = move |chosen: String| {
        close();
        text.set(chosen.clone());
        on_choose.run(chosen);
    };
    let combobox = Combobox {
        id: "zones",
        count: Signal::derive(move || options.with(Vec::len)),
        chosen: picked,
        on_pick: Callback::new(move |place: usize| {
            if let Some(chosen) = options.with_untracked(|options| options.get(place).cloned()) {
                choose(chosen);
            }
        }),
        field,
    };
    let on_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => propose(""),
            "Enter" => {
                // The first that fits is what is meant.
                if let Some(first) = options.with_untracked(|options| options.first().cloned()) {
                    choose(first);
                }
            }
            "Escape" if options.with_untracked(|options| !options.is_empty()) => {
                close();
                text.set(zone.get_untracked());
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_focus = move |has_focus: bool| {
        if has_focus {
            if let Some(field) = field.get_untracked() {
                field.select();
            }
            propose("");
        } else {
            close();
            // What is no zone's name is as good as not written.
            let is_known = text.with_untracked(|text| is_zone(text));
            if is_known && text.get_untracked() != zone.get_untracked() {
                on_choose.run(text.get_untracked());
            } else {
                text.set(zone.get_untracked());
            }
        }
    };
    view! {
        <div class="zone-field">
            <ComboField
                combobox=combobox
                class="field__text zone-field__text"
                label=label
                placeholder="Europe/Berlin"
                text=text
                on_input=Callback::new(move |()| text.with_untracked(|text| propose(text)))
                on_key=Callback::new(on_key)
                on_focus=Callback::new(on_focus)
            />
            <ComboList
                combobox=combobox
                label="Time zones"
                option=Callback::new(move |place: usize| options.with(|options| options.get(place).cloned()).into_any())
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_by_parts_of_its_name() {
        let zones = [
            "UTC",
            "America/New_York",
            "America/North_Dakota/New_Salem",
            "Europe/Berlin",
        ]
        .map(str::to_owned);
        assert_eq!(matching(&zones, "new york"), ["America/New_York"]);
        assert_eq!(
            matching(&zones, "new"),
            ["America/New_York", "America/North_Dakota/New_Salem"]
        );
        assert_eq!(matching(&zones, "europe/ber"), ["Europe/Berlin"]);
        assert_eq!(matching(&zones, "").len(), 4);
        assert!(matching(&zones, "mars").is_empty());
    }
}
