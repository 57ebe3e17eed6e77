//! The lines from when to when: by the person's clock, to the second.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;

use super::viewer::Viewer;
use crate::components::time::local_offset;
use crate::model::{Log, Timestamp};
use crate::ui::button::{Button, Weight};
use crate::ui::dropdown::Dropdown;
use crate::wall_clock::{time_of_day, zone};

/// From when to when; `None` is from the first and up to the last line.
type Range = (Option<Timestamp>, Option<Timestamp>);

const MINUTE: Duration = Duration::from_secs(60);

/// The button that says from when to when, and the panel it unfolds.
pub(super) fn when(viewer: Viewer) -> AnyView {
    let range = Memo::new(move |_| viewer.filter.with(|filter| (filter.from, filter.to)));
    let label = Signal::derive(move || {
        let clock = |time: Option<Timestamp>| time.map(time_of_day).unwrap_or_default();
        match range.get() {
            (None, None) => "Any time".to_owned(),
            (from, None) => format!("From {}", clock(from)),
            (None, to) => format!("Up to {}", clock(to)),
            (from, to) => format!("{}–{}", clock(from), clock(to)),
        }
    });
    let show = move |from: Option<Timestamp>, to: Option<Timestamp>| {
        viewer.show(|filter| (filter.from, filter.to) = (from, to));
    };
    let (from, to) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let read = move |field: NodeRef<html::Input>| {
        Timestamp::from_field(&field.get_untracked()?.value(), local_offset)
    };
    let change = move |_| {
        let (from, to) = (read(from), read(to));
        let is_turned = from.zip(to).is_some_and(|(from, to)| to < from);
        if is_turned { show(to, from) } else { show(from, to) }
    };
    let field = move |label: &'static str, node: NodeRef<html::Input>, of: fn(Range) -> Option<Timestamp>| {
        view! {
            <label class="field">
                <span class="field__label">{label}</span>
                <input
                    class="field__text"
                    type="datetime-local"
                    step="1"
                    node_ref=node
                    prop:value=move || {
                        of(range.get()).map(|time| time.field_text(local_offset(time))).unwrap_or_default()
                    }
                    on:change=change
                />
            </label>
        }
    };
    let preset = move |label: &'static str, of: fn(Option<Timestamp>, Timestamp) -> Range| {
        let on_click = Callback::new(move |()| {
            let began = viewer.started.get_untracked();
            let last = viewer.feed.log.with_untracked(Log::last);
            let (from, to) = last.map(|last| of(began, last.at)).unwrap_or_default();
            show(from, to);
        });
        view! { <Button label=label weight=Weight::Quiet on_click=on_click/> }
    };
    view! {
        <div class="log-bar__when" data-set=move || (range.get() != (None, None)).then_some("true")>
            <Dropdown label=label about="Lines from when to when">
                <div class="log-when">
                    {preset("First minute", |began, _| (None, began.map(|began| began.after(MINUTE))))}
                    {preset("Last minute", |_, last| (Some(last.before(MINUTE)), None))}
                    {preset("Last 10 minutes", |_, last| (Some(last.before(MINUTE * 10)), None))}
                    {field("From", from, |range| range.0)}
                    {field("Up to", to, |range| range.1)}
                    <p class="field__hint">{format!("By your clock, {}.", zone())}</p>
                    {move || (range.get() != (None, None)).then(|| view! {
                        <Button label="Any time" on_click=Callback::new(move |()| show(None, None))/>
                    })}
                </div>
            </Dropdown>
        </div>
    }
    .into_any()
}
