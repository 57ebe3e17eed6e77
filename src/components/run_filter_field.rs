//! The text of the run history's filter, with completion and the error under the word.

use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::run_filter::FilterHelp;
use crate::model::{Completion, Extensions, KnownValues, RunFilter};
use crate::ui::combobox::{ComboField, ComboList, Combobox};

/// The field. `/` leads to it, as to every search field.
#[component]
pub fn RunFilterField(
    /// The filter in force.
    filter: Signal<RunFilter>,
    /// Names to complete.
    known: Signal<KnownValues>,
    /// Called when the names are wanted.
    on_wanted: Callback<()>,
    /// What the server can do, once it is known.
    extensions: ReadSignal<Option<Extensions>>,
    /// Puts another filter in force.
    on_change: Callback<String>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let completion = RwSignal::new(None::<Completion>);
    let written = Memo::new(move |_| text.with(|text| RunFilter::read(text, extensions.get())));
    let count =
        Signal::derive(move || completion.with(|open| open.as_ref().map_or(0, |open| open.proposals.len())));
    let field = NodeRef::<html::Input>::new();
    let picked = RwSignal::new(None);
    let close = move || {
        completion.set(None);
        picked.set(None);
    };
    // The URL decides what is in the field. What was proposed for another text goes.
    Effect::new(move |_| {
        text.set(filter.with(RunFilter::text));
        close();
    });

    // Between two words nothing is proposed unless one asks, so that what is wrong with the first can be read.
    let propose = move |is_asked: bool| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let value = field.value();
        let caret = caret_of(&field, &value);
        let found = known.with_untracked(|known| Completion::of(&value, caret, known));
        let is_wanted = is_asked || value.is_empty() || !found.word.is_empty();
        text.set(value);
        picked.set(None);
        completion.set(Some(found).filter(|found| is_wanted && !found.proposals.is_empty()));
    };
    let apply = move |place: usize| {
        let Some(found) = completion.get_untracked() else {
            return;
        };
        let Some(proposal) = found.proposals.get(place) else {
            return;
        };
        let (next, caret) = found.applied(&text.get_untracked(), proposal);
        if let Some(field) = field.get_untracked() {
            field.set_value(&next);
            let caret = next[..caret]
                .encode_utf16()
                .count()
                .try_into()
                .unwrap_or(u32::MAX);
            // Fails only for a field without text.
            let _ = field.set_selection_range(caret, caret);
        }
        text.set(next);
        propose(false);
    };
    let submit = move || {
        close();
        if written.with_untracked(|written| written.first_error().is_none()) {
            on_change.run(text.get_untracked().trim().to_owned());
        }
    };
    let combobox = Combobox {
        id: "run-filter-proposals",
        count,
        chosen: picked,
        on_pick: Callback::new(apply),
        field,
    };
    // An example goes behind what is written, and waits there to be changed and put in force.
    let pick = Callback::new(move |example: &'static str| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let value = field.value();
        let next = format!("{} {example}", value.trim_end());
        field.set_value(next.trim_start());
        // Fails only for a field that is not in the page.
        let _ = field.focus();
        text.set(field.value());
        close();
    });
    let on_key = move |event: KeyboardEvent| {
        let is_open = count.get_untracked() > 0;
        let at = picked.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => propose(true),
            // In an empty field Tab goes on to what is next on the page.
            "Tab"
                if is_open
                    && !event.shift_key()
                    && (at.is_some() || !text.with_untracked(String::is_empty)) =>
            {
                apply(at.unwrap_or(0));
            }
            "Enter" => submit(),
            "Escape" if is_open => close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let error = move || {
        written.with(|written| {
            let word = written.first_error()?;
            // While a word is being written it need not be right yet.
            let is_open =
                completion.with(|open| open.as_ref().is_some_and(|open| open.word.start == word.start));
            Some((columns(text.get(), word.start), word.error()?.to_owned())).filter(|_| !is_open)
        })
    };
    // What is below is the answer to another filter as long as this one is not understood.
    let still = move || {
        error()?;
        let in_force = filter.with(|filter| filter.first_error().is_none().then(|| filter.text()))?;
        Some(if in_force.is_empty() {
            "all runs".to_owned()
        } else {
            in_force
        })
    };
    view! {
        <div class="run-filter" role="search">
            <div class="run-filter__frame">
                <ComboField
                    combobox=combobox
                    class="run-filter__text"
                    label="Filter the runs"
                    placeholder="state:failed flow:etl duration:>10m started:>-24h"
                    text=text
                    on_input=Callback::new(move |()| propose(false))
                    on_key=Callback::new(on_key)
                    on_focus=Callback::new(move |has_focus| if has_focus {
                        on_wanted.run(());
                        propose(false);
                    } else {
                        close();
                    })
                    is_wrong=Signal::derive(move || error().is_some())
                    described_by="run-filter-error"
                />
                <kbd class="run-filter__key" aria-hidden="true">"/"</kbd>
                <FilterHelp on_pick=pick/>
                <ComboList
                    combobox=combobox
                    label="Proposals"
                    heading=Callback::new(move |place: usize| {
                        let is_cut = completion.with(|open| open.as_ref().is_some_and(|open| open.is_cut));
                        (is_cut && place == 0).then_some("The first of many: write on to see others.")
                    })
                    option=Callback::new(move |place: usize| {
                        completion.with(|open| open.as_ref()?.proposals.get(place).cloned()).into_any()
                    })
                    style=Signal::derive(move || {
                        let start = completion.with(|open| open.as_ref().map_or(0, |open| open.word.start));
                        format!("--columns:{}", columns(text.get(), start))
                    })
                />
            </div>
            <p class="run-filter__error" id="run-filter-error" role="status">
                {move || error().map(|(columns, words)| view! {
                    <span class="run-filter__mark" aria-hidden="true" style=format!("--columns:{columns}")>"^ "</span>
                    {words}
                })}
                {move || still().map(|in_force| view! {
                    <span class="run-filter__still">" Still showing: " {in_force}</span>
                })}
            </p>
        </div>
    }
}

/// How many letters stand before a place in a text.
fn columns(text: String, place: usize) -> usize {
    text.get(..place).map_or(0, |before| before.chars().count())
}

/// Where the caret is, in bytes; the browser counts it in UTF-16.
fn caret_of(field: &web_sys::HtmlInputElement, text: &str) -> usize {
    let units = field
        .selection_end()
        .ok()
        .flatten()
        .and_then(|units| usize::try_from(units).ok());
    let mut seen = 0;
    let letters = text.char_indices().find(|(_, letter)| {
        let is_behind = units.is_some_and(|units| seen >= units);
        seen += letter.len_utf16();
        is_behind
    });
    letters.map_or(text.len(), |(at, _)| at)
}
