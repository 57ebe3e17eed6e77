//! The window on the picture: zoom, pan, fit. Plain numbers, no DOM.

use super::layout::{Point, Rect};

/// Nothing is drawn larger than this.
const LARGEST: f64 = 2.5;
/// A picture can always be made this small, and as small as it needs to fit.
const SMALLEST: f64 = 0.15;
/// Around the picture when it is fitted, in pixels of the screen.
const MARGIN: f64 = 32.0;

/// Which part of the picture is seen: a point of it at `p` is on the screen at `p * scale + (x, y)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Where the picture's left side is on the screen.
    pub x: f64,
    /// Where the picture's upper side is on the screen.
    pub y: f64,
    /// Pixels of the screen for one of the picture.
    pub scale: f64,
}

/// Width and height.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// How much of a task is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A block of the state's color.
    Block,
    /// Icon and name, in larger letters.
    Name,
    /// Everything.
    Full,
}

impl Detail {
    /// What can be read at a scale.
    #[must_use]
    pub fn at(scale: f64) -> Self {
        match scale {
            s if s < 0.3 => Self::Block,
            s if s < 0.62 => Self::Name,
            _ => Self::Full,
        }
    }

    /// The name in CSS (`data-detail`).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Name => "name",
            Self::Full => "full",
        }
    }
}

impl Viewport {
    /// Shows the whole picture, in the middle, at most at 100 %.
    #[must_use]
    pub fn fit(picture: Extent, window: Extent) -> Self {
        let scale = fitting_scale(picture, window).min(1.0);
        Self {
            x: (window.width - picture.width * scale) / 2.0,
            y: (window.height - picture.height * scale) / 2.0,
            scale,
        }
    }

    /// Moves the picture by so many pixels of the screen. It cannot be lost: some of it stays in the window.
    #[must_use]
    pub fn pan(self, dx: f64, dy: f64, picture: Extent, window: Extent) -> Self {
        Self {
            x: self.x + dx,
            y: self.y + dy,
            ..self
        }
        .held(picture, window)
    }

    /// Makes the picture larger by `factor`, with the point of the screen `at` standing still.
    #[must_use]
    pub fn zoom(self, factor: f64, at: Point, picture: Extent, window: Extent) -> Self {
        let smallest = fitting_scale(picture, window).min(SMALLEST);
        let scale = (self.scale * factor).clamp(smallest, LARGEST);
        let grown = scale / self.scale;
        Self {
            x: at.x - (at.x - self.x) * grown,
            y: at.y - (at.y - self.y) * grown,
            scale,
        }
        .held(picture, window)
    }

    /// Two fingers moved from `before` to `after`.
    #[must_use]
    pub fn pinch(self, before: [Point; 2], after: [Point; 2], picture: Extent, window: Extent) -> Self {
        let middle = |two: [Point; 2]| Point {
            x: f64::midpoint(two[0].x, two[1].x),
            y: f64::midpoint(two[0].y, two[1].y),
        };
        let apart = |two: [Point; 2]| (two[0].x - two[1].x).hypot(two[0].y - two[1].y).max(1.0);
        let (from, to) = (middle(before), middle(after));
        self.pan(to.x - from.x, to.y - from.y, picture, window).zoom(
            apart(after) / apart(before),
            to,
            picture,
            window,
        )
    }

    /// Puts a box into the middle, at a scale at which it can be read.
    #[must_use]
    pub fn center_on(self, target: Rect, window: Extent) -> Self {
        let scale = self.scale.max(0.8);
        Self {
            x: window.width / 2.0 - (target.x + target.width / 2.0) * scale,
            y: window.height / 2.0 - (target.y + target.height / 2.0) * scale,
            scale,
        }
    }

    /// Moves no further than needed to show a box; answers itself when it is in sight.
    #[must_use]
    pub fn reveal(self, target: Rect, window: Extent) -> Self {
        let shift = |start: f64, length: f64, room: f64| {
            let margin = MARGIN.min((room - length).max(0.0) / 2.0);
            if start < margin {
                margin - start
            } else {
                (room - margin - start - length).min(0.0)
            }
        };
        let dx = shift(
            target.x * self.scale + self.x,
            target.width * self.scale,
            window.width,
        );
        let dy = shift(
            target.y * self.scale + self.y,
            target.height * self.scale,
            window.height,
        );
        Self {
            x: self.x + dx,
            y: self.y + dy,
            ..self
        }
    }

    /// The point of the picture at a point of the screen.
    #[must_use]
    pub fn picture_point(self, screen: Point) -> Point {
        Point {
            x: (screen.x - self.x) / self.scale,
            y: (screen.y - self.y) / self.scale,
        }
    }

    /// The part of the picture that is seen.
    #[must_use]
    pub fn seen(self, window: Extent) -> Rect {
        let corner = self.picture_point(Point::default());
        Rect {
            x: corner.x,
            y: corner.y,
            width: window.width / self.scale,
            height: window.height / self.scale,
        }
    }

    fn held(self, picture: Extent, window: Extent) -> Self {
        let hold = |start: f64, length: f64, room: f64| {
            let least = (room / 4.0).min(120.0).min(length);
            start.clamp(least - length, room - least)
        };
        Self {
            x: hold(self.x, picture.width * self.scale, window.width),
            y: hold(self.y, picture.height * self.scale, window.height),
            ..self
        }
    }
}

fn fitting_scale(picture: Extent, window: Extent) -> f64 {
    let part = |length: f64, room: f64| (room - 2.0 * MARGIN).max(room / 2.0).max(1.0) / length.max(1.0);
    part(picture.width, window.width).min(part(picture.height, window.height))
}

/// What turning a wheel, or two fingers on a touch pad, asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wheel {
    /// Larger by this factor.
    Zoom(f64),
    /// Moved by these pixels.
    Pan(f64, f64),
}

/// Reads a wheel event: its deltas, their unit (0 pixels, 1 lines, 2 pages), and whether Ctrl was held, which is
/// also how browsers report a pinch on a touch pad.
///
/// A wheel with notches zooms; a touch pad pans. They are told apart by the notch: a large step straight up or
/// down.
#[must_use]
pub fn wheel(dx: f64, dy: f64, unit: u32, with_ctrl: bool) -> Wheel {
    let pixels = match unit {
        0 => 1.0,
        1 => 33.0,
        _ => 400.0,
    };
    let (dx, dy) = (dx * pixels, dy * pixels);
    let is_notch = dx == 0.0 && (unit > 0 || dy.abs() >= 90.0);
    if with_ctrl && !is_notch {
        Wheel::Zoom((-dy / 100.0).exp())
    } else if is_notch {
        Wheel::Zoom((-dy.clamp(-200.0, 200.0) / 500.0).exp())
    } else {
        Wheel::Pan(-dx, -dy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Extent = Extent {
        width: 1_000.0,
        height: 600.0,
    };
    const PICTURE: Extent = Extent {
        width: 4_000.0,
        height: 1_000.0,
    };

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_fitted_picture_lies_in_the_window() {
        for (width, height) in [
            (4_000.0, 1_000.0),
            (10.0, 9_000.0),
            (100_000.0, 50.0),
            (40.0, 40.0),
            (0.0, 0.0),
        ] {
            let view = Viewport::fit(Extent { width, height }, WINDOW);
            assert!(
                view.x >= 0.0 && view.x + width * view.scale <= WINDOW.width + 1e-6,
                "{view:?}"
            );
            assert!(
                view.y >= 0.0 && view.y + height * view.scale <= WINDOW.height + 1e-6,
                "{view:?}"
            );
            assert!(view.scale <= 1.0);
        }
    }

    #[test]
    fn a_window_without_size_does_no_harm() {
        let view = Viewport::fit(PICTURE, Extent::default());
        assert!(view.scale > 0.0 && view.x.is_finite() && view.y.is_finite());
        let zoomed = view.zoom(2.0, Point::default(), PICTURE, Extent::default());
        assert!(zoomed.scale.is_finite() && zoomed.x.is_finite());
    }

    #[test]
    fn zooming_leaves_the_point_under_the_pointer() {
        let view = Viewport::fit(PICTURE, WINDOW);
        let at = Point { x: 500.0, y: 300.0 };
        let before = view.picture_point(at);
        let zoomed = view.zoom(1.7, at, PICTURE, WINDOW);
        let after = zoomed.picture_point(at);
        assert!(near(before.x, after.x) && near(before.y, after.y));
        let back = zoomed.zoom(1.0 / 1.7, at, PICTURE, WINDOW);
        assert!(near(back.scale, view.scale) && near(back.x, view.x));
    }

    #[test]
    fn there_is_a_largest_and_a_smallest() {
        let mut view = Viewport::fit(PICTURE, WINDOW);
        for _ in 0..40 {
            view = view.zoom(1.5, Point::default(), PICTURE, WINDOW);
        }
        assert!(near(view.scale, LARGEST));
        for _ in 0..40 {
            view = view.zoom(0.5, Point::default(), PICTURE, WINDOW);
        }
        assert!(near(view.scale, SMALLEST));
        let huge = Extent {
            width: 400_000.0,
            height: 400.0,
        };
        assert!(
            Viewport::fit(huge, WINDOW)
                .zoom(0.5, Point::default(), huge, WINDOW)
                .scale
                < 0.01
        );
    }

    #[test]
    fn the_picture_cannot_be_lost() {
        let view = Viewport::fit(PICTURE, WINDOW);
        for (dx, dy) in [(9e9, 0.0), (-9e9, 0.0), (0.0, 9e9), (0.0, -9e9)] {
            let seen = view.pan(dx, dy, PICTURE, WINDOW).seen(WINDOW);
            assert!(seen.x < PICTURE.width && seen.x + seen.width > 0.0, "{seen:?}");
            assert!(seen.y < PICTURE.height && seen.y + seen.height > 0.0, "{seen:?}");
        }
    }

    #[test]
    fn two_fingers_zoom_about_their_middle() {
        let view = Viewport {
            x: 0.0,
            y: 0.0,
            scale: 0.5,
        };
        let finger = |x: f64| Point { x, y: 300.0 };
        let pinched = view.pinch(
            [finger(400.0), finger(600.0)],
            [finger(300.0), finger(700.0)],
            PICTURE,
            WINDOW,
        );
        assert!(near(pinched.scale, 1.0));
        let middle = finger(500.0);
        assert!(near(
            view.picture_point(middle).x,
            pinched.picture_point(middle).x
        ));
    }

    #[test]
    fn revealing_moves_only_what_is_out_of_sight() {
        let view = Viewport {
            x: 0.0,
            y: 0.0,
            scale: 1.0,
        };
        let in_sight = Rect {
            x: 100.0,
            y: 100.0,
            width: 200.0,
            height: 50.0,
        };
        assert_eq!(view.reveal(in_sight, WINDOW), view);
        let aside = Rect {
            x: 1_500.0,
            y: 100.0,
            width: 200.0,
            height: 50.0,
        };
        let revealed = view.reveal(aside, WINDOW);
        assert_eq!((revealed.x, revealed.y), (1_000.0 - 32.0 - 1_700.0, 0.0));
        let above = Rect {
            x: 100.0,
            y: -300.0,
            width: 200.0,
            height: 50.0,
        };
        assert_eq!(view.reveal(above, WINDOW).y, 332.0);
    }

    #[test]
    fn a_notch_zooms_and_a_touch_pad_pans() {
        assert!(matches!(wheel(0.0, -120.0, 0, false), Wheel::Zoom(factor) if factor > 1.0));
        assert!(matches!(wheel(0.0, 3.0, 1, false), Wheel::Zoom(factor) if factor < 1.0));
        assert_eq!(wheel(4.0, 12.0, 0, false), Wheel::Pan(-4.0, -12.0));
        assert!(matches!(wheel(0.0, -8.0, 0, true), Wheel::Zoom(factor) if factor > 1.0));
    }
}
