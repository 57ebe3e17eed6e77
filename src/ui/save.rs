//! Files that the page makes and the browser saves.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::{document, set_timeout};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// So long after a file was handed to the browser it is no longer there: browsers begin to read it
/// when they like, and some ask the person before.
const KEPT: Duration = Duration::from_secs(40);

/// A file in the making. What is added to it leaves the page's memory for the browser's.
pub struct File {
    parts: Array,
    kind: BlobPropertyBag,
}

impl File {
    /// An empty file of a media type.
    pub fn new(media_type: &str) -> Self {
        let kind = BlobPropertyBag::new();
        kind.set_type(media_type);
        Self {
            parts: Array::new(),
            kind,
        }
    }

    /// Adds a text to its end.
    pub fn push(&self, text: &str) {
        if let Ok(part) = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text))) {
            self.parts.push(&part);
        }
    }

    /// Lets the browser save it under a name. Answers whether it could.
    pub fn save(&self, name: &str) -> bool {
        let saved = Blob::new_with_blob_sequence_and_options(&self.parts, &self.kind).and_then(|file| {
            let url = Url::create_object_url_with_blob(&file)?;
            let saved = save_url(&url, name);
            // Never fails for what was made here.
            let revoke = move || drop(Url::revoke_object_url(&url));
            set_timeout(revoke, KEPT);
            saved
        });
        saved.is_ok()
    }
}

/// Lets the browser save what is at a URL of the page's own, such as `data:…`, under a name.
pub fn save_url(url: &str, name: &str) -> Result<(), JsValue> {
    let link = document()
        .create_element("a")?
        .unchecked_into::<HtmlAnchorElement>();
    link.set_href(url);
    link.set_download(name);
    link.click();
    Ok(())
}
