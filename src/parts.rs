//! The module in parts: the first page's code comes at once, that of the other pages and of the palette when it is
//! opened, or when the browser has nothing else to do.
//!
//! Only `cargo xtask` builds it so (feature `parts`, then `xtask/src/parts.rs` takes the module apart); with any other
//! build all pages are there from the start, and all else is the same.

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::session::{Tone, use_toasts};
use crate::ui::button::Button;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;

/// Makes the view whose part is there.
type Make = fn() -> AnyView;

/// Brings the part of a view; does nothing else, so it may be called ahead of time.
type Fetch = fn() -> LocalBoxFuture<'static, Result<Make, Unfetched>>;

/// A part that could not be fetched; the browser's console has the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfetched;

#[cfg(feature = "parts")]
impl From<leptos::wasm_split::SplitLoaderError> for Unfetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

macro_rules! views {
    ($($name:ident: $view:ident of $module:ident, in $part:ident, as $kind:ident;)*) => {
        mod fetch {
            use leptos::prelude::*;
            use super::{Make, Unfetched};

            $(
                #[cfg(feature = "parts")]
                #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
                pub(super) fn $name() -> Result<Make, Unfetched> {
                    Ok(|| crate::$module::$view().into_any())
                }

                #[cfg(not(feature = "parts"))]
                pub(super) async fn $name() -> Result<Make, Unfetched> {
                    Ok(|| crate::$module::$view().into_any())
                }
            )*
        }

        $(
            /// The view, when its part is there.
            pub fn $name() -> AnyView {
                $kind(|| Box::pin(fetch::$name()))
            }
        )*

        const ALL: &[Fetch] = &[$(|| Box::pin(fetch::$name())),*];
    };
}

// Pages that share much are one part: what is common to several parts is a file of its own for each combination.
views! {
    flows: FlowsPage of pages, in flow, as page;
    flow: FlowPage of pages, in flow, as page;
    runs: RunsPage of pages, in runs, as page;
    flow_run: FlowRunPage of pages, in run, as page;
    task: TaskPage of pages, in run, as page;
    task_run: TaskRunPage of pages, in run, as page;
    agents: AgentsPage of pages, in rest, as page;
    settings: SettingsPage of pages, in rest, as page;
    palette: Search of palette, in palette, as over_page;
    keys: Keys of palette, in palette, as over_page;
}

/// Fetches all parts once the browser has nothing else to do, so that the next page opens at once, and opens even
/// when the server is away.
pub fn fetch_ahead() {
    request_idle_callback(|| {
        spawn_local(async {
            for fetch in ALL {
                // What does not come now is fetched again when its page is opened, which then says so.
                let _ = fetch().await;
            }
        });
    });
}

/// What `fetch` brings, asked for again by the callback; `None` until it is there.
fn fetched(fetch: Fetch) -> (RwSignal<Option<Result<Make, Unfetched>>>, Callback<()>) {
    let view = RwSignal::new(None);
    let begin = Callback::new(move |()| {
        view.set(None);
        spawn_local(async move {
            let answer = fetch().await;
            // Another page may have been opened in the meantime.
            let _ = view.try_set(Some(answer));
        });
    });
    begin.run(());
    (view, begin)
}

/// The page that `fetch` brings, and a way on when it does not come.
fn page(fetch: Fetch) -> AnyView {
    let (page, begin) = fetched(fetch);
    live(move || {
        match page.get() {
        None => view! {
            <div class="loading" role="status">
                <span class="loading__bar"></span>
                <span class="visually-hidden">"Loading the page"</span>
            </div>
        }
        .into_any(),
        Some(Ok(make)) => make(),
        Some(Err(Unfetched)) => view! {
            <Empty
                icon=Icon::Broken
                title="This page did not come"
                text="The server does not answer, or it is of another version than the dashboard that is open here."
            >
                <Button label="Try again" on_click=begin/>
                <Button
                    label="Reload the dashboard"
                    on_click=Callback::new(|()| {
                        // Refused only while the page is being left.
                        let _ = window().location().reload();
                    })
                />
            </Empty>
        }
        .into_any(),
    }
    })
}

/// What opens over a page: nothing until it is there, and a word when it does not come.
fn over_page(fetch: Fetch) -> AnyView {
    let (view, _) = fetched(fetch);
    let toasts = use_toasts();
    live(move || match view.get()? {
        Ok(make) => Some(make()),
        Err(Unfetched) => {
            let words = "This did not come: the server does not answer. Reload the dashboard once it does.";
            toasts.show(Tone::Bad, words, None, None);
            None
        }
    })
}
