//! Text without the case of its letters, to find what people write. In the browser its own function does it: the
//! standard library's brings 10 kB of tables.

/// All letters small.
#[must_use]
pub fn lowercase(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).to_lower_case().into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_lowercase()
}
