//! The drawing: lines, cards or blocks, and what one does on it with hands and keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use flowdeck_vocabulary::StateType;
use leptos::html;
use leptos::prelude::*;
use web_sys::Element;

use super::card::Card;
use super::gestures::Gestures;
use super::picture::{Drawn, Picture};
use super::scene::Scene;
use super::viewport::{Detail, Extent};
use crate::components::state_badge::state_word;
use crate::format;
use crate::ui::each::Each;
use crate::ui::live::live;
use crate::ui::resize::on_resize;

/// Below this scale a link to a task leads right to it instead of to the whole picture.
const READABLE: f64 = 0.62;

/// The drawing with its zoom buttons.
#[component]
pub(super) fn Canvas(picture: Picture, #[prop(into)] table: String) -> impl IntoView {
    let gestures = Gestures::new(picture);
    let frame = NodeRef::<html::Div>::new();
    measure(frame, picture.window);
    fit_when_needed(picture);
    reveal_selection(picture);
    let canvas = move || frame.get_untracked().map(Element::from);

    let drawn = picture.drawn();
    let are_blocks = Memo::new(move |_| drawn.get() == Drawn::Blocks);
    let detail = Memo::new(move |_| picture.detail());
    let cards = move || match drawn.get() {
        Drawn::Cards(cards) => cards.to_vec(),
        // A block cannot have the focus: the selected task, to which the keys lead, is a card.
        Drawn::Blocks => picture.selected.get().into_iter().collect(),
    };
    let label = Memo::new(move |_| {
        let (tasks, lines) = picture
            .scene
            .with(|scene| (scene.tasks.len(), scene.layout.lines.len()));
        format!(
            "Schematic: {}, {}",
            format::counted(tasks, "task"),
            format::counted(lines, "edge")
        )
    });
    // What is drawn is made anew only when another flow or another arrangement is shown.
    let generation = Memo::new(move |last: Option<&(u32, Arc<Scene>)>| {
        let scene = picture.scene.get();
        match last {
            Some((number, before)) if before.tasks == scene.tasks && before.direction == scene.direction => {
                (*number, scene)
            }
            Some((number, _)) => (number + 1, scene),
            None => (0, scene),
        }
    });
    let hit = move |x: i32, y: i32| {
        let at = gestures.picture_point(&canvas()?, x, y);
        picture.scene.with_untracked(|scene| scene.task_at(at))
    };
    view! {
        <div class="schematic__canvas" node_ref=frame>
            <svg
                class="schematic__svg"
                data-detail=move || detail.get().name()
                role="group"
                tabindex="0"
                aria-label=move || label.get()
                aria-describedby="schematic-help"
                on:pointerdown=move |event| {
                    if let Some(canvas) = canvas() {
                        gestures.press(&event, &canvas);
                    }
                }
                on:pointermove=move |event| {
                    if let Some(canvas) = canvas() {
                        gestures.drag(&event, &canvas);
                    }
                    if are_blocks.get_untracked() && event.pointer_type() == "mouse" {
                        let task = hit(event.client_x(), event.client_y());
                        if picture.hovered.get_untracked() != task {
                            picture.hovered.set(task);
                        }
                    }
                }
                on:pointerup=move |event| gestures.release(&event)
                on:pointercancel=move |event| gestures.release(&event)
                on:wheel=move |event| {
                    if let Some(canvas) = canvas() {
                        gestures.wheel(&event, &canvas);
                    }
                }
                on:keydown=move |event| gestures.key(&event)
                on:click=move |event| {
                    if gestures.has_dragged() {
                        return;
                    }
                    match are_blocks.get_untracked().then(|| hit(event.client_x(), event.client_y())).flatten() {
                        Some(task) => picture.jump(task),
                        None if picture.selected.get_untracked().is_some() => picture.select(None),
                        None => {}
                    }
                }
            >
                <g
                    class="schematic__world"
                    data-glides=move || picture.glides.get().then_some("true")
                    style=move || {
                        let view = picture.viewport.get();
                        format!("transform:translate({:.2}px,{:.2}px) scale({:.5})", view.x, view.y, view.scale)
                    }
                >
                    <Lines picture=picture/>
                    {move || are_blocks.get().then(|| view! { <Blocks picture=picture/> })}
                    <Each of=move || {
                        let number = generation.get().0;
                        cards().into_iter().map(move |task| (number, task)).collect::<Vec<_>>()
                    } key=|key| *key let:key>
                        <Card picture=picture gestures=gestures task=key.1/>
                    </Each>
                    <Mark picture=picture/>
                </g>
            </svg>
            <p id="schematic-help" class="visually-hidden">
                "Enter selects a task, arrow keys follow the edges, plus and minus zoom, 0 shows everything, Escape ends the selection. "
                {table}
            </p>
            <Zoom picture=picture gestures=gestures/>
            <Caption picture=picture detail=detail/>
        </div>
    }
}

/// The edges: all of them in one path, those of the selection over them in another.
#[component]
pub(super) fn Lines(picture: Picture) -> impl IntoView {
    let path = move |of: fn(&Scene) -> &str| move || picture.scene.with(|scene| of(scene).to_owned());
    let related = move |of: fn(&super::scene::Related) -> &str| {
        move || {
            picture
                .related
                .with(|related| related.as_ref().map(|related| of(related).to_owned()))
        }
    };
    view! {
        <g class="schematic__lines" data-dim=move || picture.selected.get().map(|_| "true")>
            <path class="schematic__line" d=path(|scene| &scene.lines)/>
            // Mapped over: two lines instead of one.
            <path class="schematic__line schematic__line--mapped" d=path(|scene| &scene.mapped_lines)/>
            <path class="schematic__line schematic__line--core" d=path(|scene| &scene.mapped_lines)/>
            <path class="schematic__tip" d=path(|scene| &scene.tips)/>
        </g>
        <g class="schematic__lines" data-lit="true">
            <path class="schematic__line" d=related(|related| &related.lines)/>
            <path class="schematic__tip" d=related(|related| &related.tips)/>
        </g>
    }
}

/// All tasks as blocks, one path for each state.
#[component]
fn Blocks(picture: Picture) -> impl IntoView {
    let blocks = Memo::new(move |_| {
        picture
            .scene
            .with(|scene| scene.blocks(|task| (picture.is_dim(task), picture.state(task))))
    });
    live(move || {
        blocks
            .get()
            .into_iter()
            .map(|((is_dim, state), path)| {
                view! {
                    <path
                        class="schematic__block"
                        data-state=state.map(StateType::css_name)
                        data-dim=is_dim.then_some("true")
                        d=path
                    />
                }
            })
            .collect_view()
    })
}

/// A frame around the selected task.
#[component]
fn Mark(picture: Picture) -> impl IntoView {
    live(move || {
        let rect = picture.rect(picture.selected.get()?);
        Some(view! {
            <rect
                class="schematic__mark"
                x=rect.x - 4.0
                y=rect.y - 4.0
                width=rect.width + 8.0
                height=rect.height + 8.0
                rx="9"
            />
        })
    })
}

#[component]
fn Zoom(picture: Picture, gestures: Gestures) -> impl IntoView {
    let percent = move || format!("{:.0} %", picture.viewport.get().scale * 100.0);
    view! {
        <div class="schematic__zoom" role="group" aria-label="Zoom">
            <button type="button" aria-label="Smaller" title="Smaller (−)" on:click=move |_| gestures.zoom(false)>"−"</button>
            <output class="schematic__scale" aria-label="Scale">{percent}</output>
            <button type="button" aria-label="Larger" title="Larger (+)" on:click=move |_| gestures.zoom(true)>"+"</button>
            <button type="button" title="Show everything (0)" on:click=move |_| picture.fit(true)>"Fit"</button>
        </div>
    }
}

/// The whole name of the task under the pointer, where the card cannot show it.
#[component]
fn Caption(picture: Picture, detail: Memo<Detail>) -> impl IntoView {
    live(move || {
        let task = picture.hovered.get()?;
        let shown = picture.task(task)?;
        let is_long = super::label::text_width(&shown.title, 13.0 * picture.style.letters)
            > picture.rect(task).width - 60.0;
        (detail.get() != Detail::Full || is_long).then(|| {
            let state = picture.state(task);
            view! {
                <p class="schematic__caption" data-state=state.map(StateType::css_name)>
                    {shown.title}
                    {state.map(|state| view! { <span class="schematic__word">{state_word(state)}</span> })}
                </p>
            }
        })
    })
}

/// Keeps the size of the canvas on the screen.
fn measure(frame: NodeRef<html::Div>, window: RwSignal<Extent>) {
    on_resize(
        frame,
        Callback::new(move |canvas: Element| {
            let rect = canvas.get_bounding_client_rect();
            let extent = Extent {
                width: rect.width(),
                height: rect.height(),
            };
            if window.get_untracked() != extent {
                window.set(extent);
            }
        }),
    );
}

/// Shows everything at first, when another picture comes, and when the window changes under an untouched one.
fn fit_when_needed(picture: Picture) {
    Effect::new(move |before: Option<(Option<Arc<Scene>>, Extent)>| {
        let (scene, window) = (picture.scene.get(), picture.window.get());
        if window.width < 1.0 {
            return (None, window);
        }
        let shown = before.and_then(|(scene, _)| scene);
        let is_first = shown.is_none();
        let is_other = shown.is_some_and(|shown| !Arc::ptr_eq(&shown, &scene));
        if is_first || is_other || !picture.is_moved.get_untracked() {
            picture.fit(is_other);
        }
        let selected = picture.selected.get_untracked();
        if let Some(selected) =
            selected.filter(|_| is_first && picture.viewport.get_untracked().scale < READABLE)
        {
            let rect = untrack(|| picture.rect(selected));
            picture.look(false, |viewport, _, window| viewport.center_on(rect, window));
        }
        (Some(scene), window)
    });
}

/// Moves the picture when the selected task is out of sight or under the panel.
fn reveal_selection(picture: Picture) {
    Effect::new(move |_| {
        let Some(selected) = picture.selected.get() else {
            return;
        };
        let rect = untrack(|| picture.rect(selected));
        let (viewport, window) = (picture.viewport.get_untracked(), picture.free());
        if window.width > 0.0 && viewport.reveal(rect, window) != viewport {
            picture.look(true, |viewport, _, window| viewport.reveal(rect, window));
        }
    });
}

/// Takes a state into the filter, or out of it.
pub(super) fn toggle(filter: &mut BTreeSet<StateType>, state: StateType) {
    if !filter.remove(&state) {
        filter.insert(state);
    }
}
