//! A pointer that drags the timeline, told from one that clicks.

use web_sys::PointerEvent;

/// A pointer that moves less than this while it is down clicks, in pixels.
const CLICK: i32 = 4;

/// The pointer that drags the timeline.
#[derive(Clone, Copy, Default)]
pub(super) struct Drag {
    /// The pointer that is down, and where it was last.
    pub(super) down: Option<(i32, i32)>,
    /// Whether it has moved so far since it went down that it does not click any more.
    pub(super) has_dragged: bool,
}

impl Drag {
    /// The pointer goes down.
    pub(super) fn press(&mut self, event: &PointerEvent) {
        if event.button() == 0 && event.is_primary() {
            self.down = Some((event.pointer_id(), event.client_x()));
            self.has_dragged = false;
        }
    }

    /// How far it has dragged since the last time, in pixels.
    pub(super) fn step(&mut self, event: &PointerEvent) -> Option<i32> {
        let (id, before) = self.down.filter(|(id, _)| *id == event.pointer_id())?;
        // It went up where nobody told.
        if event.buttons() == 0 {
            self.down = None;
            return None;
        }
        let step = event.client_x() - before;
        if !self.has_dragged && step.abs() < CLICK {
            return None;
        }
        (self.down, self.has_dragged) = (Some((id, event.client_x())), true);
        Some(step)
    }
}
