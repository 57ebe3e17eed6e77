//! The module in parts: what all pages need comes at once; the code of a page comes in a file of its own, for which
//! `index.html` asks before the module runs; that of the other pages, of large panes and of what the palette lists comes
//! when it is opened, or when the browser has nothing else to do.
//!
//! Only `cargo xtask` builds it so (feature `parts`, then `xtask/src/parts.rs` takes the module apart); with any other
//! build all pages are there from the start, and all else is the same.

use std::sync::{Arc, OnceLock};

use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::artifacts::{ArtifactList, ArtifactListProps};
use crate::components::markdown::{Markdown, MarkdownProps};
use crate::pages::{
    AgentsPage, ArtifactsTab, ArtifactsTabProps, BulkOnDemand, BulkOnDemandProps, FlowPage, FlowRunPage,
    FlowsPage, HistoryTab, HistoryTabProps, HomePage, LogsTab, LogsTabProps, ParametersTab,
    ParametersTabProps, Run, RunHistoryView, RunHistoryViewProps, RunProps, RunsPage, Schedules,
    SchedulesProps, SelectionBar, SelectionBarProps, Settings, SettingsPage, SettingsProps, TaskPage,
    TaskRunLog, TaskRunLogProps, TaskRunPage, TimelineTab, TimelineTabProps, Versions, VersionsProps,
};
use crate::palette::{Keys, Search};
use crate::schematic::{Schematic, SchematicProps};
use crate::session::{Tone, use_toasts};
use crate::ui::button::Button;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;

/// Makes a view, once its part is there, of its props.
type Make<P> = fn(P) -> AnyView;

/// What brings the part of a view; it may be called ahead of time, and again when it failed.
type Fetch<P> = fn() -> LocalBoxFuture<'static, Result<Make<P>, Unfetched>>;

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
    ($($name:ident($props:ty) in $part:ident, $kind:ident: $make:expr;)*) => {
        mod fetch {
            use super::*;

            $(
                #[cfg(feature = "parts")]
                #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
                pub(super) fn $name() -> Result<Make<$props>, Unfetched> {
                    Ok($make)
                }

                #[cfg(not(feature = "parts"))]
                pub(super) async fn $name() -> Result<Make<$props>, Unfetched> {
                    Ok($make)
                }
            )*
        }

        $(views!(@$kind $name($props));)*

        /// Brings each part, whatever becomes of it.
        const ALL: &[fn() -> LocalBoxFuture<'static, ()>] = &[$(|| Box::pin(async {
            // What does not come now is fetched again when its view is opened, which then says so.
            let _ = fetch::$name().await;
        })),*];
    };
    (@page $name:ident($props:ty)) => {
        /// The page, when its part is there.
        pub fn $name() -> AnyView {
            Part::<$props>::new(|| Box::pin(fetch::$name())).show(|| ())
        }
    };
    (@over_page $name:ident($props:ty)) => {
        /// What opens over a page, when its part is there; `on_missing` is called when it does not come.
        pub fn $name(on_missing: Callback<()>) -> AnyView {
            Part::<$props>::new(|| Box::pin(fetch::$name())).show_over_page(|| (), on_missing)
        }
    };
    (@pane $name:ident($props:ty)) => {
        /// A pane of a page: its part is fetched from now on.
        pub fn $name() -> Part<$props> {
            Part::new(|| Box::pin(fetch::$name()))
        }
    };
}

// Views that share much are one part: what is common to several parts is a module of its own for each combination.
views! {
    home(()) in home, page: |()| HomePage().into_any();
    flows(()) in flow, page: |()| FlowsPage().into_any();
    flow(()) in flow, page: |()| FlowPage().into_any();
    runs(()) in runs, page: |()| RunsPage().into_any();
    flow_run(()) in run, page: |()| FlowRunPage().into_any();
    task(()) in task, page: |()| TaskPage().into_any();
    task_run(()) in task, page: |()| TaskRunPage().into_any();
    agents(()) in rest, page: |()| AgentsPage().into_any();
    settings(()) in rest, page: |()| SettingsPage().into_any();
    bulk_on_demand(BulkOnDemandProps) in bulk, pane: |props| BulkOnDemand(props).into_any();
    selection_bar(SelectionBarProps) in bulk, pane: |props| SelectionBar(props).into_any();
    run_history(RunHistoryViewProps) in runs, pane: |props| RunHistoryView(props).into_any();
    run_form(RunProps) in flow_tabs, pane: |props| Run(props).into_any();
    schedules(SchedulesProps) in flow_tabs, pane: |props| Schedules(props).into_any();
    versions(VersionsProps) in flow_tabs, pane: |props| Versions(props).into_any();
    flow_settings(SettingsProps) in flow_tabs, pane: |props| Settings(props).into_any();
    schematic(SchematicProps) in schematic, pane: |props| Schematic(props).into_any();
    logs_tab(LogsTabProps) in logs, pane: |props| LogsTab(props).into_any();
    task_run_log(TaskRunLogProps) in logs, pane: |props| TaskRunLog(props).into_any();
    timeline_tab(TimelineTabProps) in run_tabs, pane: |props| TimelineTab(props).into_any();
    history_tab(HistoryTabProps) in run_tabs, pane: |props| HistoryTab(props).into_any();
    parameters_tab(ParametersTabProps) in run_tabs, pane: |props| ParametersTab(props).into_any();
    artifact_list(ArtifactListProps) in run_tabs, pane: |props| ArtifactList(props).into_any();
    markdown(MarkdownProps) in run_tabs, pane: |props| Markdown(props).into_any();
    artifacts_tab(ArtifactsTabProps) in run_tabs, pane: |props| ArtifactsTab(props).into_any();
    palette(()) in palette, over_page: |()| Search().into_any();
    keys(()) in palette, over_page: |()| Keys().into_any();
}

/// Fetches all parts, so that the next page opens at once, and opens even when the server is away: once it is `time`,
/// which is when the first page has got its data, and the browser has nothing else to do.
pub fn fetch_ahead(time: Memo<bool>) {
    Effect::new(move |_| {
        if time.get() {
            request_idle_callback(|| {
                spawn_local(async {
                    for fetch in ALL {
                        fetch().await;
                    }
                });
            });
        }
    });
}

/// A view whose code may still be on its way.
pub struct Part<P> {
    make: Arc<OnceLock<Make<P>>>,
    /// Whether it came; `None` until that is known.
    came: RwSignal<Option<Result<(), Unfetched>>>,
    fetch: Callback<()>,
}

impl<P: 'static> Part<P> {
    fn new(fetch: Fetch<P>) -> Self {
        let make = Arc::new(OnceLock::new());
        let came = RwSignal::new(None);
        let found = Arc::clone(&make);
        let fetch = Callback::new(move |()| {
            let found = Arc::clone(&found);
            begin(
                came,
                Box::pin(async move {
                    // Set already if it came before: it is the same then.
                    let _ = found.set(fetch().await?);
                    Ok(())
                }),
            );
        });
        fetch.run(());
        Self { make, came, fetch }
    }

    /// The view, of these props; until its part is there a bar that moves, and a way on when it does not come.
    pub fn show(&self, props: impl Fn() -> P + Send + 'static) -> AnyView {
        show(self.came, self.fetch, self.maker(props))
    }

    /// The same for what opens over a page: nothing until it is there, and a word when it does not come.
    fn show_over_page(&self, props: impl Fn() -> P + Send + 'static, on_missing: Callback<()>) -> AnyView {
        show_over_page(self.came, self.maker(props), on_missing)
    }

    fn maker(&self, props: impl Fn() -> P + Send + 'static) -> Maker {
        let make = Arc::clone(&self.make);
        Box::new(move || make.get().map(|make| make(props())))
    }
}

/// The view of a part that has come.
type Maker = Box<dyn Fn() -> Option<AnyView> + Send>;

fn begin(
    came: RwSignal<Option<Result<(), Unfetched>>>,
    fetch: LocalBoxFuture<'static, Result<(), Unfetched>>,
) {
    came.set(None);
    spawn_local(async move {
        let answer = fetch.await;
        // Another page may have been opened in the meantime.
        let _ = came.try_set(Some(answer));
    });
}

fn show(came: RwSignal<Option<Result<(), Unfetched>>>, fetch: Callback<()>, make: Maker) -> AnyView {
    live(move || {
        match came.get() {
        None => view! {
            <div class="loading" role="status">
                <span class="loading__bar"></span>
                <span class="visually-hidden">"Loading"</span>
            </div>
        }
        .into_any(),
        Some(Ok(())) => make().into_any(),
        Some(Err(Unfetched)) => view! {
            <Empty
                icon=Icon::Broken
                title="This did not come"
                text="The server does not answer, or it is of another version than the dashboard that is open here."
            >
                <Button label="Try again" on_click=fetch/>
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

fn show_over_page(
    came: RwSignal<Option<Result<(), Unfetched>>>,
    make: Maker,
    on_missing: Callback<()>,
) -> AnyView {
    let toasts = use_toasts();
    live(move || match came.get()? {
        Ok(()) => make(),
        Err(Unfetched) => {
            let words = "This did not come: the server does not answer. Reload the dashboard once it does.";
            toasts.show(Tone::Bad, words, None, None);
            on_missing.run(());
            None
        }
    })
}
