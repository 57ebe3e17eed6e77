//! The control of each kind of filter: what it shows is read from the word, and what is chosen is written into it.

use flowdeck_vocabulary::{StateGroup, StateType};
use leptos::html;
use leptos::prelude::*;

use super::FilterOffers;
use crate::components::state_badge::{group_state, state_icon, state_word};
use crate::format;
use crate::lowercase::lowercase;
use crate::model::{FilterKind, FilterWord, parameter_value, parameter_words, quoted_value};
use crate::ui::icon::Glyph;
use crate::wall_clock;

/// So many names are listed at most; the search narrows them.
const MOST_NAMES: usize = 100;

const LONGEST: &str = "200";

/// A word and what changes it. Copying it copies handles.
#[derive(Clone, Copy)]
struct Control {
    kind: FilterKind,
    word: RwSignal<FilterWord>,
    apply: Callback<FilterWord>,
}

impl Control {
    fn set(self, value: String) {
        let word = self.word.get_untracked();
        if word.value != value {
            self.apply.run(word.with_value(value));
        }
    }

    fn toggle(self, value: &str) {
        self.apply
            .run(self.word.with_untracked(|word| word.toggled(value)));
    }
}

/// The control for words of a kind.
pub(super) fn control(
    kind: FilterKind,
    word: RwSignal<FilterWord>,
    apply: Callback<FilterWord>,
    offers: FilterOffers,
) -> AnyView {
    let control = Control { kind, word, apply };
    match kind {
        FilterKind::State => states(control, offers),
        FilterKind::Name => name(control),
        FilterKind::Scheduled | FilterKind::Started | FilterKind::Ended => times(control),
        FilterKind::Duration => duration(control),
        FilterKind::Is => kinds_of_start(control),
        FilterKind::Has => view! {
            <p class="filter-panel__note">"Runs in which a task run failed, however the run itself ended."</p>
        }
        .into_any(),
        FilterKind::Parameter => parameter(control),
        FilterKind::Flow
        | FilterKind::Project
        | FilterKind::Label
        | FilterKind::Agent
        | FilterKind::Version => names(control, offers),
    }
}

/// A line with a checkbox, or with a round one when only one of several can be on.
fn line(
    words: AnyView,
    is_radio: bool,
    is_on: Signal<bool>,
    is_fixed: Signal<bool>,
    on_change: Callback<()>,
) -> AnyView {
    view! {
        <label class="filter-panel__check">
            <input
                type=if is_radio { "radio" } else { "checkbox" }
                name=is_radio.then_some("filter-choice")
                prop:checked=is_on
                disabled=is_fixed
                on:change=move |_| on_change.run(())
            />
            {words}
        </label>
    }
    .into_any()
}

/// The groups, and below each its states; those of a group that is chosen are chosen with it.
fn states(control: Control, offers: FilterOffers) -> AnyView {
    let lists = move |name: &'static str| control.word.with(|word| word.lists(name));
    let row = move |state: StateType,
                    words: String,
                    count: Signal<Option<usize>>,
                    is_on,
                    is_fixed,
                    name: &'static str| {
        let words = view! {
            <span class="filter-panel__state" data-state=state.css_name()><Glyph icon=state_icon(state) size=14/></span>
            <span class="filter-panel__word">{words}</span>
            <span class="filter-panel__count">{move || count.get().map(format::count)}</span>
        }
        .into_any();
        line(
            words,
            false,
            is_on,
            is_fixed,
            Callback::new(move |()| control.toggle(name)),
        )
    };
    let group = move |(index, group): (usize, StateGroup)| {
        let count = Signal::derive(move || {
            offers
                .counts
                .with(|counts| counts.as_ref().map(|counts| counts.groups[index]))
        });
        let is_on = Signal::derive(move || lists(group.name()));
        let never = Signal::derive(|| false);
        let singles = group
            .states()
            .filter(move |state| state.name() != group.name())
            .map(move |state| {
                let count = Signal::derive(move || {
                    offers.counts.with(|counts| {
                        let states = counts.as_ref()?.states.iter();
                        states
                            .clone()
                            .find(|(one, _)| *one == state)
                            .map(|(_, count)| *count)
                    })
                });
                let is_in = Signal::derive(move || is_on.get() || lists(state.name()));
                row(state, state_word(state), count, is_in, is_on, state.name())
            });
        let state = group_state(group);
        view! {
            <div class="filter-panel__group">
                {row(state, group.name().to_owned(), count, is_on, never, group.name())}
                <div class="filter-panel__single">{singles.collect_view()}</div>
            </div>
        }
        .into_any()
    };
    view! {
        <fieldset class="filter-panel__list">
            <legend class="visually-hidden">"States"</legend>
            {StateGroup::ALL.into_iter().enumerate().map(group).collect_view()}
        </fieldset>
    }
    .into_any()
}

/// A search over the names that the server has, each with a checkbox.
fn names(control: Control, offers: FilterOffers) -> AnyView {
    let kind = control.kind;
    let noun = kind.word().to_ascii_lowercase();
    let search_label = format!("Search the {noun}s");
    let search = RwSignal::new(String::new());
    // Names that nobody knows any more can be taken out all the same.
    let chosen = control.word.get_untracked().values();
    let all = Memo::new(move |_| {
        let mut names = offers.known.with(|known| known.of(kind));
        names.extend(
            chosen
                .iter()
                .filter(|name| !names.contains(name))
                .cloned()
                .collect::<Vec<_>>(),
        );
        names
    });
    let found = move || -> Vec<String> {
        let wanted = search.with(|text| lowercase(text.trim()));
        all.with(|names| {
            let fits = names.iter().filter(|name| lowercase(name).contains(&wanted));
            fits.cloned().collect()
        })
    };
    let contains = move || control.set(format!("~{}", quoted_value(search.get_untracked().trim())));
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() != "Enter" || search.with_untracked(|text| text.trim().is_empty()) {
            return;
        }
        event.prevent_default();
        match untrack(found).as_slice() {
            [only] => control.toggle(only),
            _ if kind.is_text() => contains(),
            _ => {}
        }
    };
    let option = move |name: String| {
        let (value, shown) = (name.clone(), name.clone());
        let words = view! { <span class="filter-panel__word">{shown}</span> }.into_any();
        line(
            words,
            false,
            Signal::derive(move || control.word.with(|word| word.lists(&name))),
            Signal::derive(|| false),
            Callback::new(move |()| control.toggle(&value)),
        )
    };
    let part = move || {
        let text = search.with(|text| text.trim().to_owned());
        let text = match control.word.with(FilterWord::contains) && text.is_empty() {
            true => control.word.with(FilterWord::values).join(","),
            false => text,
        };
        (kind.is_text() && !text.is_empty()).then(|| {
            let value = format!("~{}", quoted_value(&text));
            let is_on = Signal::derive({
                let value = value.clone();
                move || control.word.with(|word| word.value == value)
            });
            let words =
                view! { <span class="filter-panel__word">{format!("contains “{text}”")}</span> }.into_any();
            let change = Callback::new(move |()| {
                let is_on = control.word.with_untracked(|word| word.value == value);
                control.set(if is_on { String::new() } else { value.clone() });
            });
            line(words, false, is_on, Signal::derive(|| false), change)
        })
    };
    view! {
        <input
            class="field__text field__text--plain"
            type="search"
            aria-label=search_label.clone()
            placeholder=search_label
            maxlength=LONGEST
            autocomplete="off"
            spellcheck="false"
            on:input=move |event| search.set(event_target_value(&event))
            on:keydown=on_key
        />
        <fieldset class="filter-panel__list">
            <legend class="visually-hidden">{kind.word()}</legend>
            {move || part().into_any()}
            {move || {
                let names = found();
                if names.is_empty() {
                    let words = if all.with(Vec::is_empty) { "None is known." } else { "Nothing has this in its name." };
                    return view! { <p class="filter-panel__note">{words}</p> }.into_any();
                }
                let count = names.len();
                view! {
                    {names.into_iter().take(MOST_NAMES).map(option).collect_view()}
                    {(count > MOST_NAMES).then(|| view! {
                        <p class="filter-panel__note">
                            {format!("The first {MOST_NAMES} of {}. The search finds the others.", format::count(count))}
                        </p>
                    })}
                }
                .into_any()
            }}
        </fieldset>
        {move || offers.known.with(|known| known.cut.contains(&kind)).then(|| view! {
            <p class="filter-panel__note">
                {format!("There are more {noun}s than are listed here: write others into the field, as in {}:{}.", kind.key(), kind.example())}
            </p>
        })}
    }
    .into_any()
}

/// A choice of a few words.
fn choice(
    label: &'static str,
    options: &'static [(&'static str, &'static str)],
    node: NodeRef<html::Select>,
    chosen: Signal<String>,
    on_change: Callback<()>,
) -> AnyView {
    view! {
        <select class="field__text field__text--plain" aria-label=label node_ref=node on:change=move |_| on_change.run(())>
            {options
                .iter()
                .map(|(value, words)| view! {
                    <option value=*value selected=move || chosen.with(|chosen| chosen == value)>{*words}</option>
                })
                .collect_view()}
        </select>
    }
    .into_any()
}

fn value_of(field: NodeRef<html::Input>) -> String {
    field
        .get_untracked()
        .map(|field| field.value().trim().to_owned())
        .unwrap_or_default()
}

/// A field of a form.
fn field(
    label: &'static str,
    kind: &'static str,
    node: NodeRef<html::Input>,
    value: Signal<String>,
    on_change: Callback<()>,
) -> AnyView {
    view! {
        <label class="filter-panel__row">
            <span class="filter-panel__label">{label}</span>
            <input
                class="field__text field__text--plain"
                type=kind
                node_ref=node
                min=(kind == "number").then_some("0")
                maxlength=LONGEST
                autocomplete="off"
                spellcheck="false"
                prop:value=value
                on:change=move |_| on_change.run(())
            />
        </label>
    }
    .into_any()
}

fn name(control: Control) -> AnyView {
    let (how, text) = (NodeRef::<html::Select>::new(), NodeRef::<html::Input>::new());
    let change = Callback::new(move |()| {
        let text = value_of(text);
        let tilde = how.get_untracked().map(|how| how.value()).unwrap_or_default();
        control.set(if text.is_empty() {
            text
        } else {
            format!("{tilde}{}", quoted_value(&text))
        });
    });
    let chosen = Signal::derive(move || {
        let is_exact = control
            .word
            .with(|word| !word.value.is_empty() && !word.contains());
        if is_exact { String::new() } else { "~".to_owned() }
    });
    let value = Signal::derive(move || control.word.with(|word| word.values().join(",")));
    view! {
        {choice("How the name is compared", &[("~", "contains"), ("", "is")], how, chosen, change)}
        {field("Name", "text", text, value, change)}
    }
    .into_any()
}

/// What is asked for most, and from when to when.
fn times(control: Control) -> AnyView {
    const PAST: [(&str, &str); 4] = [
        ("Last hour", ">-1h"),
        ("Last 24 hours", ">-24h"),
        ("Last 7 days", ">-7d"),
        ("Last 30 days", ">-30d"),
    ];
    let (from, to) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let change = Callback::new(move |()| {
        let (from, to) = (value_of(from), value_of(to));
        let is_turned = !from.is_empty() && !to.is_empty() && to < from;
        let (from, to) = if is_turned { (to, from) } else { (from, to) };
        control.set(if from.is_empty() && to.is_empty() {
            String::new()
        } else {
            format!("{from}..{to}")
        });
    });
    let next = (control.kind == FilterKind::Scheduled).then_some(("Next 24 hours", "now..+24h"));
    let preset = move |(words, value): (&'static str, &'static str)| {
        view! {
            <button
                type="button"
                class="filter-panel__preset"
                aria-pressed=move || control.word.with(|word| word.value == value).to_string()
                on:click=move |_| {
                    let is_on = control.word.with_untracked(|word| word.value == value);
                    control.set(if is_on { String::new() } else { value.to_owned() });
                }
            >
                {words}
            </button>
        }
        .into_any()
    };
    let side = move |is_end: bool| {
        Signal::derive(move || {
            let (from, to) = control.word.with(FilterWord::clock_range);
            if is_end { to } else { from }
        })
    };
    view! {
        <div class="filter-panel__presets">{PAST.into_iter().chain(next).map(preset).collect_view()}</div>
        {field("From", "datetime-local", from, side(false), change)}
        {field("Up to", "datetime-local", to, side(true), change)}
        <p class="filter-panel__note">{format!("By your clock, {}.", wall_clock::zone())}</p>
    }
    .into_any()
}

fn duration(control: Control) -> AnyView {
    let (sign, unit) = (NodeRef::<html::Select>::new(), NodeRef::<html::Select>::new());
    let number = NodeRef::<html::Input>::new();
    let written = Memo::new(move |_| control.word.with(FilterWord::duration));
    let change = Callback::new(move |()| {
        let of =
            |node: NodeRef<html::Select>| node.get_untracked().map(|node| node.value()).unwrap_or_default();
        let digits: String = value_of(number)
            .chars()
            .filter(char::is_ascii_digit)
            .take(9)
            .collect();
        control.set(if digits.is_empty() {
            digits
        } else {
            format!("{}{digits}{}", of(sign), of(unit))
        });
    });
    let part = move |read: fn((char, String, char)) -> String, otherwise: &'static str| {
        Signal::derive(move || written.get().map_or_else(|| otherwise.to_owned(), read))
    };
    let units: &[(&str, &str)] = &[("s", "seconds"), ("m", "minutes"), ("h", "hours"), ("d", "days")];
    let signs: &[(&str, &str)] = &[(">", "longer than"), ("<", "shorter than")];
    view! {
        {choice("Longer or shorter", signs, sign, part(|(sign, ..)| sign.to_string(), ">"), change)}
        <div class="filter-panel__pair">
            {field("How long", "number", number, part(|(_, number, _)| number, ""), change)}
            {choice("Unit", units, unit, part(|(.., unit)| unit.to_string(), "m"), change)}
        </div>
        <p class="filter-panel__note">"Runs at work count with what they have taken so far."</p>
    }
    .into_any()
}

fn kinds_of_start(control: Control) -> AnyView {
    let option = move |(value, words): (&'static str, &'static str)| {
        line(
            view! { <span class="filter-panel__word">{words}</span> }.into_any(),
            true,
            Signal::derive(move || control.word.with(|word| word.value == value)),
            Signal::derive(|| false),
            Callback::new(move |()| control.set(value.to_owned())),
        )
    };
    let options = [
        ("late", "Late: should have started"),
        ("manual", "Started by hand"),
        ("scheduled", "Started by its schedule"),
    ];
    view! {
        <fieldset class="filter-panel__list">
            <legend class="visually-hidden">"Late or how started"</legend>
            {options.map(option).into_iter().collect_view()}
        </fieldset>
    }
    .into_any()
}

fn parameter(control: Control) -> AnyView {
    let (name, value) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let change = Callback::new(move |()| {
        let word = control.word.get_untracked();
        let typed = value_of(value);
        let value = match typed.is_empty() {
            true => typed,
            false => parameter_value(&typed),
        };
        control.apply.run(FilterWord {
            name: value_of(name),
            value,
            ..word
        });
    });
    let of = move |read: fn(&FilterWord) -> String| Signal::derive(move || control.word.with(read));
    view! {
        {field("Its name", "text", name, of(|word| word.name.clone()), change)}
        {field("Value", "text", value, of(|word| parameter_words(&word.value)), change)}
        <p class="filter-panel__note">
            "A text, a number, true, false or null; a list or an object as JSON has it. In quotes, a number is a text."
        </p>
    }
    .into_any()
}
