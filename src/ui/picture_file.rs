//! A picture that the browser saves: an SVG as it is, or drawn as a PNG. Neither leaves the browser.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::save::save_url;

/// Browsers draw no larger canvas: pixels along a side.
const LARGEST_SIDE: f64 = 16_000.0;
/// ... and pixels in all.
const LARGEST_AREA: f64 = 120e6;

/// How many pixels of a PNG one of the picture gets: two, or as many as a canvas has room for.
fn sharpness(width: f64, height: f64) -> f64 {
    let (width, height) = (width.max(1.0), height.max(1.0));
    2.0_f64
        .min(LARGEST_SIDE / width.max(height))
        .min((LARGEST_AREA / (width * height)).sqrt())
}

fn url_of(svg: &str) -> String {
    format!("data:image/svg+xml,{}", js_sys::encode_uri_component(svg))
}

/// Saves a picture as it is.
pub fn save_svg(svg: &str, name: &str) {
    // Fails only where a page can have no links.
    let _ = save_url(&url_of(svg), name);
}

/// Draws a picture of so many pixels, and saves the drawing. `failed` is called when that cannot be.
pub fn save_png(svg: &str, width: f64, height: f64, name: String, failed: Callback<()>) {
    let Ok(image) = HtmlImageElement::new() else {
        failed.run(());
        return;
    };
    let drawn = image.clone();
    let draw = move || {
        let scale = sharpness(width, height);
        let canvas = document().create_element("canvas").ok()?;
        let canvas = canvas.dyn_into::<HtmlCanvasElement>().ok()?;
        let pixels = |length: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most LARGEST_SIDE"
            )]
            let pixels = (length * scale).ceil() as u32;
            pixels
        };
        canvas.set_width(pixels(width));
        canvas.set_height(pixels(height));
        let context = canvas.get_context("2d").ok()??;
        let context = context.dyn_into::<CanvasRenderingContext2d>().ok()?;
        context
            .draw_image_with_html_image_element_and_dw_and_dh(&drawn, 0.0, 0.0, width * scale, height * scale)
            .ok()?;
        let url = canvas.to_data_url_with_type("image/png").ok()?;
        save_url(&url, &name).ok()
    };
    let on_load = Closure::once_into_js(move || {
        if draw().is_none() {
            failed.run(());
        }
    });
    let on_error = Closure::once_into_js(move || failed.run(()));
    image.set_onload(Some(on_load.unchecked_ref()));
    image.set_onerror(Some(on_error.unchecked_ref()));
    image.set_src(&url_of(svg));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_sharp_and_never_larger_than_a_canvas() {
        assert!((sharpness(800.0, 600.0) - 2.0).abs() < 1e-9);
        for (width, height) in [(40_000.0, 300.0), (15_000.0, 15_000.0), (0.0, 0.0)] {
            let scale = sharpness(width, height);
            assert!(scale > 0.0 && width.max(height) * scale <= LARGEST_SIDE + 1e-6);
            assert!(width * height * scale * scale <= LARGEST_AREA * 1.001);
        }
    }
}
