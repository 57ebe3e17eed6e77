//! The run history: the filter, the runs over time, and the table. What is shown is in the URL.

use flowdeck_vocabulary::{FlowRunId, StateGroup};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::{Value, json};

use super::selection::{Picked, SelectionBarProps};
use super::views::ViewMenu;
use crate::components::run_counts::RunCountChips;
use crate::components::run_filter::{FilterOffers, RunFilterChips};
use crate::components::run_filter_field::RunFilterField;
use crate::components::run_histogram::RunHistogramView;
use crate::components::run_table::{RunTable, RunTableModel};
use crate::format;
use crate::model::{
    Extensions, RunColumn, RunCounts, RunFilter, RunHistogram, RunList, RunSelection, RunSort, RunSortColumn,
    Timestamp, run_column_names, run_columns, shared_flow_names,
};
use crate::pages::bulk_report::BulkReport;
use crate::parts;
use crate::polled::{Failure, FailureKind};
use crate::resources::{
    RunHistory, RunQuery, keep_run_columns, kept_default_view, kept_run_columns, use_bulk, use_extensions,
    use_filter_values, use_run_counts, use_run_history, use_saved_views, use_usual_durations,
};
use crate::routes::{Route, RunsView};
use crate::ui::button::{Button, Weight};
use crate::ui::dropdown::Dropdown;
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::loaded::Loaded;
use crate::ui::page_action::use_page_action;
use crate::ui::windowed::Window;

/// The next page is asked for when so many rows or fewer are left below those in the page.
const AHEAD: usize = 40;

/// What the URL says, and what changes it. Copying it copies handles.
#[derive(Clone, Copy)]
pub(super) struct Address {
    pub(super) view: Memo<RunsView>,
    go: Callback<RunsView>,
}

impl Address {
    /// Goes to the URL with something in it changed; *back* leads to the one before.
    fn change(self, change: impl FnOnce(&mut RunsView)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        // Without a word of it a reload would bring the default view.
        view.is_explicit = view.query.is_empty() && kept_default_view().is_some();
        if view != self.view.get_untracked() {
            self.go.run(view);
        }
    }
}

fn use_address(route: Signal<Route>) -> Address {
    let parameters = use_query_map();
    let navigate = use_navigate();
    // The history of all runs begins with the default view, unless the URL says otherwise.
    if route.get_untracked() == Route::Runs(None)
        && parameters.with_untracked(|parameters| {
            RunsView::PARAMETERS
                .iter()
                .all(|name| parameters.get(name).is_none())
        })
        && let Some(default) = kept_default_view()
    {
        let options = NavigateOptions {
            replace: true,
            ..Default::default()
        };
        navigate(&Route::Runs(Some(default.query)).to_string(), options);
    }
    Address {
        view: Memo::new(move |_| {
            parameters.with(|parameters| RunsView {
                is_explicit: parameters.get("q").is_some_and(|query| query.is_empty()),
                query: parameters.get("q").unwrap_or_default(),
                sort: parameters.get("sort"),
                columns: parameters.get("columns"),
            })
        }),
        go: Callback::new(move |view: RunsView| {
            let options = NavigateOptions {
                scroll: false,
                ..Default::default()
            };
            navigate(&route.get_untracked().with_runs_view(&view), options);
        }),
    }
}

/// The history of the runs that `of` lets through.
#[component]
pub fn RunHistoryView(
    /// What the page is about, as `where` of the API; `None` until it is known.
    of: Signal<Option<Value>>,
    /// The page it is on.
    route: Signal<Route>,
    /// Counts the runs that were started here: they are shown at once.
    #[prop(optional, into)]
    started: Signal<usize>,
    /// Columns that would say the same in each row.
    #[prop(optional)]
    without: &'static [RunColumn],
) -> impl IntoView {
    let address = use_address(route);
    let extensions = use_extensions();
    let sort = Memo::new(move |_| {
        let named = address
            .view
            .with(|view| view.sort.as_deref().and_then(RunSort::parse));
        let can_sort = |sort: &RunSort| {
            let known = extensions.get();
            sort.column != RunSortColumn::Duration || known.is_none_or(|server| server.run_durations)
        };
        named.filter(can_sort).unwrap_or_default()
    });
    let filter = Memo::new(move |_| {
        address
            .view
            .with(|view| RunFilter::read(&view.query, extensions.get()))
    });
    let query = Memo::new(move |_| {
        let filter = filter.get();
        let sort = sort.get();
        // A question with something in it that the server may not know waits until it has said so.
        let is_doubtful = filter.depends_on_server() || sort.column == RunSortColumn::Duration;
        if is_doubtful && extensions.with(Option::is_none) {
            return None;
        }
        Some(RunQuery {
            of: of.get()?,
            filter,
            sort,
            over: None,
        })
    });
    let kept = kept_run_columns();
    let columns = Memo::new(move |_| {
        let named = address.view.with(|view| view.columns.as_deref().map(run_columns));
        let mut columns = named.unwrap_or_else(|| kept.clone());
        columns.retain(|column| !without.contains(column));
        columns
    });
    let history = use_run_history(query);
    let count = move || {
        history
            .list
            .value
            .with(|list| list.as_ref().map_or(0, |list| list.rows().len()))
    };
    let window = Window::new(Memo::new(move |_| count()).into(), "--row");
    Effect::new(move |before: Option<usize>| {
        let started = started.get();
        if before.is_some_and(|before| before != started) {
            history.show_new();
        }
        started
    });
    let counts = use_run_counts(query);
    use_page_action(
        "Clear the filter",
        Icon::Close,
        move || !filter.with(RunFilter::is_empty),
        Callback::new(move |()| address.change(|view| view.query.clear())),
    );
    let (values, want_values) = use_filter_values();
    let known = Memo::new(move |_| {
        let values = values.get();
        history.list.value.with(|list| match list {
            Some(list) => values.with_rows(list.rows()),
            None => values.with_rows(&[]),
        })
    });
    let offers = FilterOffers {
        known: known.into(),
        counts: counts.into(),
        durations: Signal::derive(move || extensions.get().is_some_and(|server| server.run_durations)),
        on_wanted: want_values,
    };
    let is_of_before = Memo::new(move |_| {
        let is_away = |failure: &Failure| failure.kind == FailureKind::Unreachable;
        let is_known = history.list.value.with(Option::is_some);
        is_known
            && history.is_outdated.get()
            && history
                .list
                .failure
                .with(|failure| failure.as_ref().is_some_and(is_away))
    });
    let change_filter = Callback::new(move |text| address.change(|view| view.query = text));
    view! {
        <div class="run-history">
            <RunFilterField
                filter=filter.into()
                known=known.into()
                on_wanted=want_values
                extensions=extensions
                on_change=change_filter
            />
            <RunFilterChips filter=filter.into() offers=offers on_change=change_filter/>
            {move || is_of_before.get().then(|| view! {
                <p class="stale" role="status">
                    "The server does not answer. What is below is still of the filter before, and changes as soon as it does."
                </p>
            })}
            <OverTime counts=counts address=address/>
            <div class="run-history__bar">
                <RunCountChips
                    counts=Signal::derive(move || {
                        let counts = counts.with(|counts| counts.as_ref().map(|counts| counts.groups));
                        // Of a filter that is not understood nothing can be counted.
                        counts.filter(|_| filter.with(|filter| filter.first_error().is_none()))
                    })
                    chosen=Signal::derive(move || filter.with(RunFilter::groups))
                    on_toggle=Callback::new(move |group| {
                        let text = filter.with_untracked(|filter| filter.toggled(group));
                        address.change(|view| view.query = text);
                    })
                />
                <Total counts=counts filter=filter address=address/>
                <News history=history window=window/>
                <span class="run-history__menus">
                <ViewMenu views=use_saved_views(extensions) filter=filter address=address route=route/>
                <ColumnMenu columns=columns address=address without=without/>
                </span>
            </div>
            <Loaded polled=history.list what="run history" let:list>
                <Rows
                    list=list
                    history=history
                    window=window
                    query=query
                    counts=counts
                    address=address
                    filter=filter
                    columns=columns
                    extensions=extensions
                />
            </Loaded>
        </div>
    }
}

/// The runs over time, where the server can tell and there are any.
#[component]
fn OverTime(counts: RwSignal<Option<RunCounts>>, address: Address) -> impl IntoView {
    let histogram = Memo::new(move |_| counts.with(|counts| counts.as_ref()?.histogram.clone()));
    // Its place is kept until it is known whether there is one, so that no row moves when it comes.
    let shown = Memo::new(move |_| (counts.with(Option::is_none), histogram.with(Option::is_some)));
    let choose = move |(from, to): (Timestamp, Timestamp)| {
        address.change(|view| view.query = RunFilter::parse(&view.query).within(from, to));
    };
    live(move || match shown.get() {
        (true, _) => Some(view! { <div class="run-histogram run-histogram--awaited"></div> }.into_any()),
        (false, is_there) => is_there.then(|| {
            let known = Memo::new(move |last: Option<&RunHistogram>| {
                let now = histogram.get().or_else(|| last.cloned());
                now.unwrap_or_else(|| RunHistogram::covering(Timestamp::EARLIEST, Timestamp::EARLIEST, |_| 0))
            });
            view! { <RunHistogramView histogram=known.into() on_choose=Callback::new(choose)/> }.into_any()
        }),
    })
}

#[component]
fn Rows(
    list: Signal<RunList>,
    history: RunHistory,
    window: Window,
    query: Memo<Option<RunQuery>>,
    counts: RwSignal<Option<RunCounts>>,
    address: Address,
    filter: Memo<RunFilter>,
    columns: Memo<Vec<RunColumn>>,
    extensions: ReadSignal<Option<Extensions>>,
) -> impl IntoView {
    let sort = Memo::new(move |_| {
        query.with(|query| query.as_ref().map_or_else(RunSort::default, |query| query.sort))
    });
    let total = Memo::new(move |_| counts.with(|counts| counts.as_ref().map(|counts| counts.total)));
    let selection = RwSignal::new(RunSelection::default());
    let flows = Memo::new(move |_| {
        let span = window.span.get();
        list.with(|list| {
            let rows = list.rows().iter().take(span.end).skip(span.first);
            let mut flows: Vec<_> = rows.map(|row| row.flow_group_id).collect();
            crate::sort::by(&mut flows, Ord::cmp);
            flows.dedup();
            flows
        })
    });
    let navigate = use_navigate();
    // Where the project has no column of its own.
    let shared = Memo::new(move |_| {
        if columns.with(|columns| columns.contains(&RunColumn::Project)) {
            return Vec::new();
        }
        list.with(|list| {
            let flows = list.rows().iter().map(|row| &row.run);
            shared_flow_names(flows.map(|run| (run.flow_name.as_str(), run.project_id)))
        })
    });
    let table = RunTableModel {
        list,
        columns: columns.into(),
        shared: shared.into(),
        sort: sort.into(),
        selection,
        usual: use_usual_durations(flows),
        can_sort: Callback::new(move |by| {
            by != RunSortColumn::Duration || extensions.get().is_some_and(|known| known.run_durations)
        }),
        on_sort: Callback::new(move |column| {
            let next = sort.get_untracked().clicked(column);
            address.change(|view| view.sort = (next != RunSort::default()).then(|| next.to_string()));
        }),
        on_open: Callback::new(move |id: FlowRunId| {
            navigate(&Route::flow_run(id).to_string(), NavigateOptions::default());
        }),
    };
    Effect::new(move |_| {
        let span = window.span.get();
        let last = list.with(|list| (!list.is_complete()).then(|| list.rows().len()));
        history.shown.set((span.first, span.end));
        if last.is_some_and(|last| span.end + AHEAD >= last) {
            history.load_more();
        }
    });
    // Another query is another list: it begins at its top, and nothing of it is picked.
    Effect::new(move |before: Option<()>| {
        address.view.with(|view| (view.query.clone(), view.sort.clone()));
        if before.is_some() {
            selection.set(RunSelection::default());
            window.reveal(0);
        }
    });
    let bulk = use_bulk(Callback::new(move |()| history.reload()));
    let picked = Picked {
        list,
        selection,
        matching: total.into(),
        filter: Callback::new(move |()| {
            query.with_untracked(|query| query.as_ref().map_or_else(nothing_at_all, RunQuery::to_where))
        }),
        bulk,
    };
    let is_picking = Memo::new(move |_| !selection.with(RunSelection::is_empty));
    // What somebody else has deleted is no longer picked.
    Effect::new(move |_| {
        list.with(|list| {
            selection.maybe_update(|selection| selection.forget(|id| list.row(id).is_some()));
        });
    });
    let is_empty = Memo::new(move |_| list.with(|list| list.rows().is_empty()));
    // Nothing would move under a person's eyes: what is new is shown at once.
    Effect::new(move |_| {
        if is_empty.get() && list.with(RunList::new_runs) > 0 {
            history.show_new();
        }
    });
    view! {
        <BulkReport bulk=bulk/>
        <div
            class="run-history__table"
            data-outdated=move || history.is_outdated.get().then_some("true")
            data-picking=move || is_picking.get().then_some("true")
        >
            {move || if is_empty.get() {
                nothing(filter, address)
            } else {
                view! { <RunTable table=table window=window/> }.into_any()
            }}
            {move || is_picking.get().then(|| parts::selection_bar().show(move || SelectionBarProps { picked }))}
        </div>
    }
}

/// How many runs match, and how many are yet to start and not among them.
#[component]
fn Total(counts: RwSignal<Option<RunCounts>>, filter: Memo<RunFilter>, address: Address) -> impl IntoView {
    let numbers = Memo::new(move |_| {
        counts.with(|counts| {
            let counts = counts.as_ref()?;
            Some((
                counts.total,
                counts.groups.iter().sum::<usize>().saturating_sub(counts.total),
            ))
        })
    });
    live(move || {
        let (total, others) = numbers
            .get()
            .filter(|_| filter.with(|filter| filter.first_error().is_none()))?;
        let to_come = if filter.with(RunFilter::is_about_what_comes) {
            0
        } else {
            others
        };
        let show = move |()| {
            let text = filter.with_untracked(|filter| filter.toggled(StateGroup::Pending));
            address.change(|view| view.query = text);
        };
        Some(view! {
            <p class="section__note">{format::counted(total, "run")}</p>
            {(to_come > 0).then(|| view! {
                <Button
                    label=format!("{} yet to start", format::count(to_come))
                    weight=Weight::Quiet
                    on_click=Callback::new(show)
                />
            })}
        })
    })
}

/// What loading the list again would change, to be pressed: beside the table, so that no row is covered and none moves.
#[component]
fn News(history: RunHistory, window: Window) -> impl IntoView {
    let words = Memo::new(move |_| {
        history.list.value.with(|list| {
            let list = list.as_ref().filter(|list| !list.rows().is_empty())?;
            let (new, outside) = (list.new_runs(), list.outside());
            (new + outside > 0).then(|| new_words(new, outside))
        })
    });
    let are_there = Memo::new(move |_| words.with(Option::is_some));
    live(move || {
        are_there.get().then(|| {
            view! {
                <span class="run-history__news">
                    <Button
                        label=Signal::derive(move || words.get().unwrap_or_default())
                        weight=Weight::Primary
                        on_click=Callback::new(move |()| {
                            history.show_new();
                            window.reveal(0);
                        })
                    />
                </span>
            }
        })
    })
}

/// A filter that lets nothing through.
fn nothing_at_all() -> Value {
    json!({ "id": { "_in": [] } })
}

/// What loading the list again would change.
fn new_words(new: usize, outside: usize) -> String {
    // The server is asked for no more than 200.
    let new = match new {
        0 => None,
        200.. => Some("200 or more new runs".to_owned()),
        _ => Some(format::counted(new, "new run")),
    };
    let outside = match outside {
        0 => None,
        1 => Some("1 no longer matches".to_owned()),
        _ => Some(format!("{} no longer match", format::count(outside))),
    };
    let words: Vec<String> = [new, outside].into_iter().flatten().collect();
    words.join(", ")
}

/// Why there is nothing to see, and the way out.
fn nothing(filter: Memo<RunFilter>, address: Address) -> AnyView {
    if filter.with(|filter| filter.first_error().is_some()) {
        return view! {
            <Empty icon=Icon::Warning title="The filter is not understood" text="Correct the words marked above, or clear the filter.">
                <Button
                    label="Clear the filter"
                    on_click=Callback::new(move |()| address.change(|view| view.query.clear()))
                />
            </Empty>
        }
        .into_any();
    }
    if filter.with(RunFilter::is_empty) {
        return view! {
            <Empty icon=Icon::Runs title="No runs yet" text="Start one with Quick Run on a flow's line.">
                <a class="button" data-weight="plain" href=Route::Flows.to_string()>"See the flows"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Runs title="No run matches the filter" text="Take a condition out, or clear the filter.">
            <Button
                label="Clear the filter"
                on_click=Callback::new(move |()| address.change(|view| view.query.clear()))
            />
        </Empty>
    }
    .into_any()
}

/// Chooses the columns: into the URL, and kept for the next time.
#[component]
fn ColumnMenu(
    columns: Memo<Vec<RunColumn>>,
    address: Address,
    without: &'static [RunColumn],
) -> impl IntoView {
    let choose = move |column: RunColumn| {
        let chosen: Vec<RunColumn> = RunColumn::ALL
            .into_iter()
            .filter(|one| columns.with_untracked(|columns| columns.contains(one)) != (*one == column))
            .collect();
        let names = run_column_names(&chosen);
        keep_run_columns(&names);
        address.change(|view| view.columns = Some(names));
    };
    view! {
        <Dropdown label="Columns">
            <fieldset class="run-history__columns">
                <legend class="visually-hidden">"Columns of the table"</legend>
                {RunColumn::ALL
                    .into_iter()
                    .filter(|column| *column != RunColumn::Run && !without.contains(column))
                    .map(|column| view! {
                        <label class="run-history__column">
                            <input
                                type="checkbox"
                                prop:checked=move || columns.with(|columns| columns.contains(&column))
                                on:change=move |_| choose(column)
                            />
                            {column.word()}
                        </label>
                    })
                    .collect_view()}
            </fieldset>
        </Dropdown>
    }
}
