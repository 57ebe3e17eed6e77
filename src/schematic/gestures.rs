//! Pointers, wheel and keys of the canvas, as changes of what is seen and selected.

use leptos::prelude::*;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};

use super::layout::Point;
use super::picture::Picture;
use super::scene::Step;
use super::viewport::{Wheel, wheel};

/// A pointer that moves less than this while it is down clicks.
const CLICK: f64 = 4.0;
/// One press of `+`.
const ZOOM_STEP: f64 = 1.3;
/// One press of an arrow key, in pixels.
const PAN_STEP: f64 = 80.0;

/// The pointers that are down: fingers, or the mouse.
#[derive(Default)]
struct Hands {
    down: Vec<(i32, Point)>,
    start: Point,
    has_dragged: bool,
}

/// What hands do on the canvas.
#[derive(Clone, Copy)]
pub(super) struct Gestures {
    picture: Picture,
    hands: StoredValue<Hands>,
}

impl Gestures {
    pub(super) fn new(picture: Picture) -> Self {
        Self {
            picture,
            hands: StoredValue::new(Hands::default()),
        }
    }

    /// Whether the press that ends now was a drag, whose click means nothing.
    pub(super) fn has_dragged(self) -> bool {
        self.hands.with_value(|hands| hands.has_dragged)
    }

    pub(super) fn press(self, event: &PointerEvent, canvas: &Element) {
        if event.button() > 1 {
            return;
        }
        let at = place(canvas, event.client_x(), event.client_y());
        self.hands.update_value(|hands| {
            if hands.down.is_empty() {
                (hands.start, hands.has_dragged) = (at, false);
            }
            hands.down.retain(|(id, _)| *id != event.pointer_id());
            hands.down.push((event.pointer_id(), at));
        });
    }

    pub(super) fn drag(self, event: &PointerEvent, canvas: &Element) {
        let at = place(canvas, event.client_x(), event.client_y());
        let id = event.pointer_id();
        let mut change = None;
        self.hands.update_value(|hands| {
            let Some(index) = hands.down.iter().position(|(down, _)| *down == id) else {
                return;
            };
            let before: Vec<Point> = hands.down.iter().map(|(_, at)| *at).collect();
            let begins = !hands.has_dragged && (at.x - hands.start.x).hypot(at.y - hands.start.y) >= CLICK;
            if begins {
                hands.has_dragged = true;
                // From now on the canvas gets all of the pointer, even outside the window. Only fails when the
                // pointer is gone already.
                let _ = canvas.set_pointer_capture(id);
            }
            if hands.has_dragged {
                hands.down[index].1 = at;
                change = Some((before, hands.down.iter().map(|(_, at)| *at).collect::<Vec<_>>()));
            }
        });
        match change.as_ref().map(|(before, after)| (&before[..], &after[..])) {
            Some((&[before], &[after])) => self.picture.look(false, |viewport, picture, window| {
                viewport.pan(after.x - before.x, after.y - before.y, picture, window)
            }),
            Some((&[a, b], &[c, d])) => self.picture.look(false, |viewport, picture, window| {
                viewport.pinch([a, b], [c, d], picture, window)
            }),
            _ => {}
        }
    }

    pub(super) fn release(self, event: &PointerEvent) {
        self.hands
            .update_value(|hands| hands.down.retain(|(id, _)| *id != event.pointer_id()));
    }

    pub(super) fn wheel(self, event: &WheelEvent, canvas: &Element) {
        event.prevent_default();
        let at = place(canvas, event.client_x(), event.client_y());
        let turned = wheel(
            event.delta_x(),
            event.delta_y(),
            event.delta_mode(),
            event.ctrl_key(),
        );
        self.picture
            .look(false, |viewport, picture, window| match turned {
                Wheel::Zoom(factor) => viewport.zoom(factor, at, picture, window),
                Wheel::Pan(dx, dy) => viewport.pan(dx, dy, picture, window),
            });
    }

    /// Where on the picture an event happened.
    pub(super) fn picture_point(self, canvas: &Element, x: i32, y: i32) -> Point {
        self.picture
            .viewport
            .get_untracked()
            .picture_point(place(canvas, x, y))
    }

    pub(super) fn zoom(self, larger: bool) {
        let factor = if larger { ZOOM_STEP } else { 1.0 / ZOOM_STEP };
        self.picture.look(true, |viewport, picture, window| {
            let middle = Point {
                x: window.width / 2.0,
                y: window.height / 2.0,
            };
            viewport.zoom(factor, middle, picture, window)
        });
    }

    /// Arrow keys move the selection along the edges, or the picture when nothing is selected or Shift is held.
    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let start = self
            .picture
            .selected
            .get_untracked()
            .or_else(|| self.picture.focused.get_untracked());
        match event.key().as_str() {
            "+" | "=" => self.zoom(true),
            "-" | "_" => self.zoom(false),
            "0" => self.picture.fit(true),
            "Escape" => {
                if self.picture.selected.get_untracked().is_none() {
                    return;
                }
                self.picture.select(None);
            }
            "Enter" | " " => match self.picture.focused.get_untracked() {
                Some(focused) => self.picture.select(Some(focused)),
                // The canvas itself has the focus: the task in its middle is where the keys begin.
                None => match self.central() {
                    Some(task) => {
                        self.picture.select(Some(task));
                        focus(task);
                    }
                    None => return,
                },
            },
            key => {
                let Some((step, dx, dy)) = arrow(key) else { return };
                match start {
                    Some(from) if !event.shift_key() => self.step(from, step),
                    _ => self.picture.look(true, |viewport, picture, window| {
                        viewport.pan(dx * PAN_STEP, dy * PAN_STEP, picture, window)
                    }),
                }
            }
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The task nearest to the middle of what is seen.
    fn central(self) -> Option<usize> {
        let window = self.picture.window.get_untracked();
        let middle = self.picture.viewport.get_untracked().picture_point(Point {
            x: window.width / 2.0,
            y: window.height / 2.0,
        });
        self.picture.scene.with_untracked(|scene| scene.nearest(middle))
    }

    fn step(self, from: usize, step: Step) {
        let Some(to) = self.picture.scene.with_untracked(|scene| scene.step(from, step)) else {
            return;
        };
        self.picture.select(Some(to));
        let rect = untrack(|| self.picture.rect(to));
        self.picture
            .look(true, |viewport, _, window| viewport.reveal(rect, window));
        focus(to);
    }
}

/// Puts the focus on a task's card, once it is there.
pub(super) fn focus(task: usize) {
    request_animation_frame(move || {
        let card = document().get_element_by_id(&card_id(task));
        if let Some(card) =
            card.and_then(|card| wasm_bindgen::JsCast::dyn_into::<web_sys::SvgElement>(card).ok())
        {
            // Fails only for an element that cannot have the focus, and a card can.
            let _ = card.focus();
        }
    });
}

/// The id of a task's card in the page.
pub(super) fn card_id(task: usize) -> String {
    format!("schematic-task-{task}")
}

pub(super) fn arrow(key: &str) -> Option<(Step, f64, f64)> {
    Some(match key {
        "ArrowLeft" => (Step::Left, 1.0, 0.0),
        "ArrowRight" => (Step::Right, -1.0, 0.0),
        "ArrowUp" => (Step::Up, 0.0, 1.0),
        "ArrowDown" => (Step::Down, 0.0, -1.0),
        _ => return None,
    })
}

/// A point of the window as one of the canvas.
fn place(canvas: &Element, x: i32, y: i32) -> Point {
    let rect = canvas.get_bounding_client_rect();
    Point {
        x: f64::from(x) - rect.left(),
        y: f64::from(y) - rect.top(),
    }
}
