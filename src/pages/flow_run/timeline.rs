//! `/flow-run/:id?tab=timeline`: when each task ran, as bars over time.

use std::time::Duration;

use flowdeck_vocabulary::{FlowRunId, StateType, TaskId, TaskRunId};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};

use super::drag::Drag;
use super::inspector::{Selection, WithInspector};
use crate::components::state_badge::{StateBadge, state_word};
use crate::components::time::local_offset;
use crate::model::{
    Bar, FlowRunPicture, FlowRunStates, Lane, Part, Span, TaskRuns, TimelineView, Timestamp, bar_at,
    is_before, lanes, outlines, turns, with_room,
};
use crate::pages::use_replace;
use crate::polled::Polled;
use crate::resources::use_flow_run_states;
use crate::routes::{FlowRunTab, Route, timeline_view};
use crate::session::use_now;
use crate::ui::button::{Button, Weight};
use crate::ui::each::Each;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;
use crate::ui::resize::on_resize;
use crate::{format, wall_clock};

/// What a person moves and zooms is at rest after so long.
const REST: Duration = Duration::from_millis(400);

/// How much closer a press or a notch of the wheel brings it.
const STEP: f64 = 1.5;

/// How far beside a bar it is still meant, in pixels.
const NEAR: f64 = 4.0;

/// How high a row of bars is, in pixels: `--timeline-row` in the style sheet is the same.
const ROW: f64 = 14.0;

/// How much room each letter of a tick's words needs on the axis, and what is beside them, in pixels.
const TICK_LETTER: f64 = 7.0;
const TICK_MARGIN: f64 = 8.0;

/// How much room the icon of a state needs beside its word, in pixels.
const ICON: f64 = 20.0;

/// More ticks than this say no more.
const MOST_TICKS: f64 = 8.0;

/// What the parts of the timeline share. Copying it copies handles.
#[derive(Clone, Copy)]
struct View {
    runs: Signal<TaskRuns>,
    all: Memo<Span>,
    /// The part a person chose; `None` is all.
    chosen: RwSignal<Option<Span>>,
    now: Memo<f64>,
    /// How wide the axis is, in pixels.
    width: RwSignal<f64>,
    /// The bar under the pointer, and the name of its task.
    pointed: RwSignal<Option<Bar>>,
    selected: Memo<Option<TaskId>>,
    on_select: Callback<Option<TaskId>>,
    drag: StoredValue<Drag>,
}

impl View {
    fn span(self) -> Span {
        self.chosen.get().unwrap_or_else(|| self.all.get())
    }

    fn zoom(self, factor: f64, share: f64) {
        let all = self.all.get_untracked();
        let span = self
            .chosen
            .get_untracked()
            .unwrap_or(all)
            .zoomed(factor, share, all);
        self.chosen.set(Some(span).filter(|span| *span != all));
    }

    fn pan(self, share: f64) {
        let all = self.all.get_untracked();
        if let Some(span) = self.chosen.get_untracked() {
            self.chosen.set(Some(span.moved(share, all)));
        }
    }
}

/// What the URL says is shown, and what writes something else into it. Copying it copies handles.
#[derive(Clone, Copy)]
struct Address {
    shown: Memo<TimelineView>,
    /// Whether the URL is this timeline's: while another page is on its way it is not.
    is_here: Signal<bool>,
    go: Callback<TimelineView>,
}

fn use_address(id: Memo<FlowRunId>) -> Address {
    let route = move || Route::FlowRun(id.get(), FlowRunTab::Timeline);
    let query = use_query_map();
    let place = use_location();
    let replace = use_replace();
    Address {
        shown: Memo::new(move |_| query.with(|query| timeline_view(|name| query.get(name)))),
        is_here: Signal::derive(move || {
            let url = format!("{}?{}", place.pathname.get(), place.search.get());
            Route::parse(&url) == Some(route())
        }),
        go: Callback::new(move |shown| replace.run(untrack(route).with_timeline(&shown))),
    }
}

impl Address {
    fn change(self, change: impl FnOnce(&mut TimelineView)) {
        let mut shown = self.shown.get_untracked();
        change(&mut shown);
        self.go.run(shown);
    }

    /// Shows the part that the URL names, and names in the URL the part that a person chose, once it is at rest.
    fn follow(self, view: View) {
        // What the URL names, and what is seen then: both may round.
        let named = StoredValue::new((None::<Part>, None::<Span>));
        Effect::new(move |_| {
            let part = self.shown.with(|shown| shown.part);
            if part != named.with_value(|named| named.0) {
                let span = part.and_then(|part| Span::of_part(part, view.all.get_untracked()));
                named.set_value((part, span));
                view.chosen.set(span);
            }
        });
        let mut at_rest = debounce(REST, move |chosen: Option<Span>| {
            if chosen == named.with_value(|named| named.1) || !self.is_here.get_untracked() {
                return;
            }
            let part = chosen.map(Span::part);
            named.set_value((part, chosen));
            self.change(|shown| shown.part = part);
        });
        Effect::new(move |_| at_rest(view.chosen.get()));
    }
}

/// The timeline of the run.
#[component]
pub fn TimelineTab(
    picture: Signal<FlowRunPicture>,
    run: Polled<FlowRunPicture>,
    task_runs: Polled<TaskRuns>,
    selection: Selection,
) -> impl IntoView {
    let id = Memo::new(move |_| picture.with(|picture| picture.run.id));
    let history = use_flow_run_states(move || Some(id.get()), run);
    let turns = Memo::new(move |_| {
        let turns = |history: &FlowRunStates| turns(&history.states);
        history
            .value
            .with(|history| history.as_ref().map(turns).unwrap_or_default())
    });
    let address = use_address(id);
    let selected = Memo::new(move |_| address.shown.with(|shown| shown.task));
    let on_select = Callback::new(move |task| address.change(|shown| shown.task = task));
    view! {
        <WithInspector selection=selection selected=selected.into() on_select=on_select>
            <Loaded polled=task_runs what="timeline" let:runs>
                <Only when=move || runs.with(|runs| runs.rows().iter().any(|run| run.started_at.is_some())) fallback=|| view! {
                    <Empty icon=Icon::Clock title="Nothing has started yet" text="Bars appear here as soon as the first task runs."/>
                }>
                    <Timeline
                        picture=picture
                        turns=turns
                        runs=runs
                        address=address
                        selected=selected
                        on_select=on_select
                    />
                </Only>
            </Loaded>
        </WithInspector>
    }
}

#[component]
fn Timeline(
    picture: Signal<FlowRunPicture>,
    turns: Memo<Vec<(StateType, Timestamp)>>,
    runs: Signal<TaskRuns>,
    address: Address,
    selected: Memo<Option<TaskId>>,
    on_select: Callback<Option<TaskId>>,
) -> impl IntoView {
    let clock = use_now();
    let lanes = Memo::new(move |_| runs.with(lanes));
    let goes_on = Memo::new(move |_| {
        lanes.with(|lanes| {
            lanes
                .iter()
                .flat_map(|lane| &lane.bars)
                .any(|bar| bar.to.is_none())
        })
    });
    // A run that has ended does not tick.
    let now = Memo::new(move |last: Option<&f64>| match (goes_on.get(), last) {
        (false, Some(last)) => *last,
        _ => clock.get().millis(),
    });
    let ends = Memo::new(move |_| {
        picture.with(|picture| {
            let run = &picture.run;
            let end = run.ended_at.filter(|_| run.state.is_finished());
            let start = run.started_at.unwrap_or(run.scheduled_at);
            (start.millis(), end.map(Timestamp::millis))
        })
    });
    let view = View {
        runs,
        all: Memo::new(move |_| {
            let (start, end) = ends.get();
            lanes.with(|lanes| Span::of(lanes, start, end, now.get()))
        }),
        chosen: RwSignal::new(None),
        now,
        width: RwSignal::new(0.0),
        pointed: RwSignal::new(None),
        selected,
        on_select,
        drag: StoredValue::new(Drag::default()),
    };
    address.follow(view);
    let area = NodeRef::<html::Div>::new();
    on_resize(
        area,
        Callback::new(move |area: Element| view.width.set(area.get_bounding_client_rect().width())),
    );
    let share_at = move |x: i32| {
        let bounds = area.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(x) - bounds.left()) / bounds.width().max(1.0))
    };
    let on_wheel = move |event: WheelEvent| {
        let Some(share) = share_at(event.client_x()) else {
            return;
        };
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            view.zoom(
                if event.delta_y() < 0.0 { STEP } else { 1.0 / STEP },
                share.clamp(0.0, 1.0),
            );
        } else if event.delta_x().abs() > event.delta_y().abs() {
            event.prevent_default();
            view.pan(event.delta_x() / 800.0);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // The browser's: its own zoom, back and forward.
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "+" | "=" => view.zoom(STEP, 0.5),
            "-" => view.zoom(1.0 / STEP, 0.5),
            "0" => view.chosen.set(None),
            "ArrowLeft" => view.pan(-0.2),
            "ArrowRight" => view.pan(0.2),
            _ => return,
        }
        event.prevent_default();
    };
    let on_move = move |event: PointerEvent| {
        let begins = !view.drag.get_value().has_dragged;
        let Some(step) = view.drag.try_update_value(|drag| drag.step(&event)).flatten() else {
            return;
        };
        let body = event
            .current_target()
            .and_then(|body| body.dyn_into::<Element>().ok());
        if let Some(body) = body.filter(|_| begins) {
            // From now on it gets all of the pointer, even outside the window. Only fails when the pointer is gone already.
            let _ = body.set_pointer_capture(event.pointer_id());
        }
        if let Some(area) = area.get_untracked() {
            let width = area.get_bounding_client_rect().width().max(1.0);
            view.pan(f64::from(-step) / width);
        }
    };
    let release = move || view.drag.update_value(|drag| drag.down = None);
    view! {
        <section
            class="timeline panel"
            aria-label="Timeline. The tab Task runs has the same as a table."
            tabindex="0"
            on:keydown=on_key
            on:wheel=on_wheel
        >
            <div class="timeline__bar">
                <p class="timeline__said" role="status">{move || said(view)}</p>
                <Button label="Zoom out" weight=Weight::Quiet on_click=Callback::new(move |()| view.zoom(1.0 / STEP, 0.5))/>
                <Button label="Zoom in" weight=Weight::Quiet on_click=Callback::new(move |()| view.zoom(STEP, 0.5))/>
                <Button label="Fit" weight=Weight::Quiet on_click=Callback::new(move |()| view.chosen.set(None))/>
            </div>
            <div
                class="timeline__body"
                on:pointerdown=move |event: PointerEvent| view.drag.update_value(|drag| drag.press(&event))
                on:pointermove=on_move
                on:pointerup=move |_| release()
                on:pointercancel=move |_| release()
                on:pointerleave=move |_| {
                    release();
                    view.pointed.set(None);
                }
            >
                <div class="timeline__axis">
                    <span class="timeline__name"></span>
                    <div class="timeline__area" node_ref=area>
                        {move || marks(view, picture, turns)}
                    </div>
                </div>
                <Each of=move || lanes.with(|lanes| lanes.iter().map(|lane| lane.task).collect::<Vec<_>>()) key=|task| *task let:task>
                    {
                        let lane = Memo::new(move |last: Option<&Lane>| {
                            let found = lanes.with(|lanes| lanes.iter().find(|lane| lane.task == task).cloned());
                            found.or_else(|| last.cloned()).unwrap_or_else(|| Lane {
                                task,
                                name: "".into(),
                                rows: 1,
                                bars: Vec::new(),
                                children: 0,
                                ended: None,
                            })
                        });
                        lane_view(view, task, lane)
                    }
                </Each>
            </div>
        </section>
    }
}

/// What is under the pointer, in words; otherwise what the picture shows.
fn said(view: View) -> AnyView {
    let Some(bar) = view.pointed.get() else {
        let all = view.chosen.get().is_none();
        let words = if all { "The whole run" } else { "A part of the run" };
        return format!("{words} · {}", length_words(view.span().length())).into_any();
    };
    let name = view.runs.with(|runs| {
        runs.get(bar.task_run)
            .map(|run| runs.title(run))
            .unwrap_or_default()
    });
    let took = bar.to.unwrap_or_else(|| view.now.get()) - bar.from;
    let from = Timestamp::from_millis(bar.from);
    view! {
        <StateBadge state=bar.state dense=true/> " " {name} " · "
        {if bar.waits { "waits for the next attempt".to_owned() } else { state_word(bar.state).to_owned() }}
        {format!(" · {} · {}", wall_clock::time_of_day(from), length_words(took))}
    }
    .into_any()
}

fn length_words(millis: f64) -> String {
    format::duration(Duration::from_secs_f64((millis / 1000.0).max(0.0)))
}

/// A line across the axis: something happened to the run.
struct Line {
    word: String,
    /// The state it went into, where that is what happened.
    state: Option<StateType>,
    time: f64,
}

/// How much room words need on the axis, in pixels.
fn words_width(words: &str) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a dozen letters")]
    let letters = words.chars().count() as f64;
    letters * TICK_LETTER + TICK_MARGIN
}

/// The axis' times, and the lines at which the run started, went from state to state, ended, and is now.
fn marks(view: View, picture: Signal<FlowRunPicture>, turns: Memo<Vec<(StateType, Timestamp)>>) -> AnyView {
    let span = view.span();
    let at = |share: f64| format!("left: {:.2}%", share * 100.0);
    let inside = |time: f64| (0.0..=1.0).contains(&span.share(time));
    let offset = local_offset(Timestamp::from_millis(span.from));
    let read: fn(Timestamp) -> String = if span.length() < 10_000.0 {
        wall_clock::exact_time
    } else {
        wall_clock::time_of_day
    };
    let wide = words_width(&read(Timestamp::from_millis(span.from)));
    let width = view.width.get();
    let most = (width / wide).clamp(1.0, MOST_TICKS);
    // One whose words would be cut off by the edge says nothing.
    let has_room = |tick: &f64| (1.0 - span.share(*tick)) * width >= wide;
    let ticks = span.ticks(most, offset).into_iter().filter(has_room).map(|tick| {
        let words = read(Timestamp::from_millis(tick));
        view! { <span class="timeline__tick" style=at(span.share(tick))>{words}</span> }
    });
    let ticks = ticks.collect_view();
    let run = picture.get().run;
    let line = |word: &str, time: Option<f64>| {
        time.map(|time| Line {
            word: word.to_owned(),
            state: None,
            time,
        })
    };
    let mut lines = vec![
        line("scheduled", Some(run.scheduled_at.millis())),
        line("started", run.started_at.map(Timestamp::millis)),
    ];
    lines.extend(turns.get().into_iter().map(|(state, at)| {
        let word = match state {
            StateType::Scheduled => "restarted".to_owned(),
            state => state_word(state).to_ascii_lowercase(),
        };
        Some(Line {
            word,
            state: Some(state),
            time: at.millis(),
        })
    }));
    lines.push(if run.state.is_finished() {
        line("ended", run.ended_at.map(Timestamp::millis))
    } else {
        line("now", Some(view.now.get()))
    });
    let lines = lines.into_iter().flatten();
    let mut lines: Vec<Line> = lines.filter(|line| inside(line.time)).collect();
    crate::sort::by(&mut lines, |a, b| a.time.total_cmp(&b.time));
    let places: Vec<(f64, f64)> = lines
        .iter()
        .map(|line| (span.share(line.time) * width, words_width(&line.word)))
        .collect();
    let lines = lines
        .into_iter()
        .zip(with_room(&places, width))
        .map(|(line, has_room)| {
            let share = span.share(line.time);
            // A word without room is in its line's title only.
            let shown = has_room.then(|| view! { <span class="timeline__word">{line.word.clone()}</span> });
            view! {
                <span
                    class="timeline__line"
                    data-line=line.word.clone()
                    data-state=line.state.map(StateType::css_name)
                    data-late=is_before(share * width, width).then_some("true")
                    title=line.word
                    style=at(share)
                >{shown}</span>
            }
        });
    let lines = lines.collect_view();
    view! { {ticks} {lines} }.into_any()
}

fn lane_view(view: View, task: TaskId, lane: Memo<Lane>) -> AnyView {
    let navigate = use_navigate();
    let open = Callback::new(move |id: TaskRunId| {
        navigate(&Route::TaskRun(id).to_string(), NavigateOptions::default());
    });
    let area = NodeRef::<html::Div>::new();
    let find = move |event: &web_sys::MouseEvent| {
        let bounds = area.get_untracked()?.get_bounding_client_rect();
        let width = bounds.width().max(1.0);
        let share = (f64::from(event.client_x()) - bounds.left()) / width;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few rows"
        )]
        let row = ((f64::from(event.client_y()) - bounds.top()).max(0.0) / ROW) as usize;
        let span = view
            .chosen
            .get_untracked()
            .unwrap_or_else(|| view.all.get_untracked());
        lane.with_untracked(|lane| bar_at(lane, span, (share, NEAR / width), row, view.now.get_untracked()))
    };
    let is_selected = Memo::new(move |_| view.selected.get() == Some(task));
    let rows = Memo::new(move |_| lane.with(|lane| lane.rows));
    view! {
        <div class="timeline__lane" data-selected=move || is_selected.get().then_some("true")>
            <button
                type="button"
                class="timeline__name"
                aria-pressed=move || is_selected.get().to_string()
                title=move || lane.with(|lane| lane.name.to_string())
                on:click=move |_| view.on_select.run((!is_selected.get_untracked()).then_some(task))
            >
                {move || lane.with(|lane| match lane.children {
                    0 => lane.name.to_string(),
                    count => format!("{} × {}", lane.name, format::count(count)),
                })}
            </button>
            <div
                class="timeline__area"
                node_ref=area
                on:pointermove=move |event| view.pointed.set(find(&event))
                on:click=move |event| {
                    if !view.drag.get_value().has_dragged && find(&event).is_some() {
                        view.on_select.run(Some(task));
                    }
                }
                on:dblclick=move |event| {
                    if let Some(bar) = find(&event) {
                        open.run(bar.task_run);
                    }
                }
            >
                <svg
                    class="timeline__bars"
                    viewBox=move || format!("0 0 1000 {}", rows.get() * 10)
                    style=move || format!("--rows: {}", rows.get())
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    {move || {
                        let span = view.span();
                        // Only lanes with something under way follow the clock.
                        let goes_on = lane.with(|lane| lane.bars.iter().any(|bar| bar.to.is_none()));
                        let now = if goes_on { view.now.get() } else { view.now.get_untracked() };
                        lane.with(|lane| outlines(lane, span, now))
                            .into_iter()
                            .map(|(state, waits, path)| view! {
                                <path class="timeline__state" data-state=state.css_name() data-waits=waits.then_some("true") d=path/>
                            })
                            .collect_view()
                    }}
                </svg>
                {move || ended(view, lane)}
            </div>
        </div>
    }
    .into_any()
}

/// How a task ended that has no bar, at the time of it.
fn ended(view: View, lane: Memo<Lane>) -> AnyView {
    let Some((state, at)) = lane.with(|lane| lane.ended) else {
        return ().into_any();
    };
    let (share, width) = (view.span().share(at), view.width.get());
    let is_late = share * width + words_width(&state_word(state)) + ICON > width;
    (0.0..=1.0)
        .contains(&share)
        .then(|| {
            view! {
                <span
                    class="timeline__ended"
                    data-late=is_late.then_some("true")
                    style=format!("left: {:.2}%", share * 100.0)
                >
                    <StateBadge state=state/>
                </span>
            }
        })
        .into_any()
}
