//! Any other URL.

use leptos::prelude::*;

use crate::routes::Route;
use crate::session::{Place, use_place};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;

/// Says that nothing is here, and leads back.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    use_place(|| Place {
        crumbs: vec![("Not found".to_owned(), None)],
        title: "Not found".to_owned(),
    });
    view! {
        <div class="page">
            <h1 class="visually-hidden">"Not found"</h1>
            <Empty
                icon=Icon::Slash
                title="Nothing is at this address"
                text="It may be misspelled, or what was here has been deleted."
            >
                <a class="button" data-weight="primary" href=Route::Home.to_string()>"Go to Home"</a>
                <a class="button" data-weight="plain" href=Route::Runs(None).to_string()>"See the latest runs"</a>
            </Empty>
        </div>
    }
}
