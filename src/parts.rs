//! The module in parts: the first page's code comes at once, that of the other pages when one of them is opened, or
//! when the browser has nothing else to do.
//!
//! Only `cargo xtask` builds it so (feature `parts`, then `xtask/src/parts.rs` takes the module apart); with any other
//! build all pages are there from the start, and all else is the same.

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::button::Button;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;

/// Makes the view of a page whose part is there.
type Make = fn() -> AnyView;

/// Brings the part of a page; does nothing else, so it may be called ahead of time.
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

macro_rules! pages {
    ($($name:ident: $page:ident in $part:ident,)*) => {
        mod fetch {
            use leptos::prelude::*;
            use super::{Make, Unfetched};

            $(
                #[cfg(feature = "parts")]
                #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
                pub(super) fn $name() -> Result<Make, Unfetched> {
                    Ok(|| crate::pages::$page().into_any())
                }

                #[cfg(not(feature = "parts"))]
                pub(super) async fn $name() -> Result<Make, Unfetched> {
                    Ok(|| crate::pages::$page().into_any())
                }
            )*
        }

        $(
            /// The page, when its part is there.
            pub fn $name() -> AnyView {
                fetched(|| Box::pin(fetch::$name()))
            }
        )*

        const ALL: &[Fetch] = &[$(|| Box::pin(fetch::$name())),*];
    };
}

// Pages that share much are one part: what is common to several parts is a file of its own for each combination.
pages! {
    flows: FlowsPage in flow,
    flow: FlowPage in flow,
    runs: RunsPage in runs,
    flow_run: FlowRunPage in run,
    task: TaskPage in run,
    task_run: TaskRunPage in run,
    agents: AgentsPage in rest,
    settings: SettingsPage in rest,
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

/// The page that `fetch` brings, and a way on when it does not come.
fn fetched(fetch: Fetch) -> AnyView {
    let page = RwSignal::new(None::<Result<Make, Unfetched>>);
    let begin = move || {
        page.set(None);
        spawn_local(async move {
            let answer = fetch().await;
            // Another page may have been opened in the meantime.
            let _ = page.try_set(Some(answer));
        });
    };
    begin();
    (move || match page.get() {
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
                <Button label="Try again" on_click=Callback::new(move |()| begin())/>
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
    })
    .into_any()
}
