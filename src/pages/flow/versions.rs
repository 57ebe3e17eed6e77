//! `/flow/:id?tab=versions`: the versions of the flow, and what changed between two of them.

use flowdeck_vocabulary::FlowId;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::run_bars::RunBars;
use crate::components::time::At;
use crate::format;
use crate::model::{Change, DiffPart, Flow, FlowVersionLine, flow_diff};
use crate::resources::{use_flow_contents, use_flow_versions};
use crate::routes::{FlowTab, Route};
use crate::ui::empty::Empty;
use crate::ui::icon::Icon;
use crate::ui::loaded::Loaded;

/// How many versions are listed at first.
const FIRST: usize = 10;

/// How many changes of one part are shown.
const MOST_CHANGES: usize = 200;

/// How many letters of a value are shown.
const LONGEST_VALUE: usize = 500;

/// The versions and a comparison.
#[component]
pub fn Versions(flow: Signal<Flow>) -> impl IntoView {
    let versions = use_flow_versions(move || Some(flow.with(|flow| flow.group_id)));
    let query = use_query_map();
    // What the URL says, otherwise the version before this one; of the oldest, the one after it.
    let with = Memo::new(move |_| {
        let named = query
            .with(|query| query.get("with"))
            .and_then(|id| id.parse().ok());
        named.or_else(|| {
            flow.with(|flow| {
                let older = flow.versions.iter().find(|other| other.version < flow.version);
                let other = older.or_else(|| flow.versions.iter().rfind(|other| other.id != flow.id));
                other.map(|other| other.id)
            })
        })
    });
    let contents = use_flow_contents(move || {
        let id = flow.with(|flow| flow.id);
        with.get().filter(|with| *with != id).map(|with| (with, id))
    });
    view! {
        <section class="section" aria-label="Versions">
            <Loaded polled=versions what="list of versions" let:lines>
                {table(flow, lines, with)}
            </Loaded>
        </section>
        <section class="section" aria-label="What changed">
            {move || {
                if with.with(Option::is_none) {
                    view! {
                        <Empty
                            icon=Icon::Flows
                            title="Only one version"
                            text="Register the flow again to see here what changed."
                        />
                    }
                    .into_any()
                } else {
                    view! {
                        <Loaded polled=contents what="comparison" let:both>
                            {move || {
                                let (older, newer) = both.get();
                                let numbers = (older.version, newer.version);
                                comparison(flow, with, numbers, flow_diff(&older, &newer))
                            }}
                        </Loaded>
                    }
                    .into_any()
                }
            }}
        </section>
    }
}

fn table(flow: Signal<Flow>, lines: Signal<Vec<FlowVersionLine>>, with: Memo<Option<FlowId>>) -> AnyView {
    let show_all = RwSignal::new(false);
    let rows = move || {
        let (this, newest) = flow.with(|flow| (flow.id, flow.versions.first().map(|newest| newest.id)));
        let shown = if show_all.get() { usize::MAX } else { FIRST };
        let lines: Vec<FlowVersionLine> = lines.with(|lines| lines.iter().take(shown).cloned().collect());
        let rows = lines.into_iter().map(|line| row(line, this, newest, with));
        rows.collect_view().into_any()
    };
    view! {
        <div class="panel">
            <div class="table-frame" tabindex="0">
                <table class="table" aria-label="Versions">
                    <thead>
                        <tr>
                            <th scope="col">"Version"</th>
                            <th scope="col">"Registered"</th>
                            <th scope="col" class="table__wide">"Prefect version"</th>
                            <th scope="col" class="table__number table__wide">"Tasks"</th>
                            <th scope="col" class="table__number">"Runs"</th>
                            <th scope="col" class="table__wide">"Last runs"</th>
                            <th scope="col">"Compare"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {move || {
                let count = lines.with(Vec::len);
                (count > FIRST && !show_all.get()).then(|| view! {
                    <button type="button" class="table__more" on:click=move |_| show_all.set(true)>
                        {format!("Show all {}", format::counted(count, "version"))}
                    </button>
                }).into_any()
            }}
        </div>
    }
    .into_any()
}

fn row(line: FlowVersionLine, this: FlowId, newest: Option<FlowId>, with: Memo<Option<FlowId>>) -> AnyView {
    let id = line.version.id;
    let name = format!("Version {}", line.version.version);
    let compare = if id == this {
        view! { <span class="nothing">"this one"</span> }.into_any()
    } else {
        let about = format!(" with version {}", line.version.version);
        view! {
            <a
                class="link"
                href=Route::compared(this, id)
                aria-current=move || (with.get() == Some(id)).then_some("true")
            >
                {move || if with.get() == Some(id) { "compared" } else { "compare" }}
                <span class="visually-hidden">{about}</span>
            </a>
        }
        .into_any()
    };
    view! {
        <tr>
            <td>
                <a class="link link--main" href=Route::Flow(id, FlowTab::Versions).to_string()>{name}</a>
                {(Some(id) == newest).then(|| view! { " " <span class="tag">"latest"</span> })}
                {line.version.archived.then(|| view! { " " <span class="tag">"archived"</span> })}
            </td>
            <td><At time=line.created_at/></td>
            <td class="table__wide">{line.core_version.unwrap_or_else(|| "–".to_owned())}</td>
            <td class="table__number table__wide">{format::count(line.task_count)}</td>
            <td class="table__number">{format::count(line.run_count)}</td>
            <td class="table__wide"><div class="versions__bars"><RunBars runs=line.runs/></div></td>
            <td>{compare}</td>
        </tr>
    }
    .into_any()
}

fn comparison(
    flow: Signal<Flow>,
    with: Memo<Option<FlowId>>,
    (older, newer): (i64, i64),
    parts: Vec<DiffPart>,
) -> AnyView {
    let navigate = use_navigate();
    let (this, others) = flow.with_untracked(|flow| {
        let others = flow.versions.iter().filter(|other| other.id != flow.id);
        let others: Vec<(FlowId, i64)> = others.map(|other| (other.id, other.version)).collect();
        (flow.id, others)
    });
    let on_change = move |event| {
        if let Ok(with) = event_target_value(&event).parse::<FlowId>() {
            navigate(&Route::compared(this, with), Default::default());
        }
    };
    let options = others.into_iter().map(|(id, version)| {
        view! {
            <option value=id.to_string() selected=with.get_untracked() == Some(id)>{format!("Version {version}")}</option>
        }
    });
    let body = if parts.is_empty() {
        view! {
            <p class="nothing panel diff__none">
                "No difference in what is registered. The code itself may differ: it is not part of a registration."
            </p>
        }
        .into_any()
    } else {
        parts.into_iter().map(part).collect_view().into_any()
    };
    view! {
        <div class="section__head">
            <h2 class="section__title">{format!("What changed from version {older} to version {newer}")}</h2>
            <label class="select versions__with">
                <span class="section__note">"Compare with "</span>
                <select on:change=on_change>{options.collect_view()}</select>
            </label>
        </div>
        <div class="diff">{body}</div>
    }
    .into_any()
}

fn part(part: DiffPart) -> AnyView {
    let summary = part.summary();
    let more = part.changes.len().saturating_sub(MOST_CHANGES);
    view! {
        <div class="diff__part panel">
            <h3 class="diff__title">{part.title} " " <span class="section__note">{summary}</span></h3>
            <ul>{part.changes.into_iter().take(MOST_CHANGES).map(change).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="diff__more nothing">{format!("and {} more", format::count(more))}</p> })}
        </div>
    }
    .into_any()
}

/// A value as far as it is shown: storage may hold a whole program.
fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn change(change: Change) -> AnyView {
    let word = change.kind.word();
    let details = change.details.into_iter().map(|detail| {
        view! {
            <li class="diff__detail">
                <span class="diff__field">{detail.field}</span>
                {detail.before.map(|text| view! { <del class="diff__before">{shortened(text)}</del> })}
                {detail.after.map(|text| view! { <ins class="diff__after">{shortened(text)}</ins> })}
            </li>
        }
    });
    view! {
        <li class="diff__change" data-change=word>
            <span class="diff__kind"><span class="diff__sign" aria-hidden="true">{change.kind.sign()}</span> " " {word}</span>
            <div class="diff__what">
                <code class="diff__name">{change.name}</code>
                <ul class="diff__details">{details.collect_view()}</ul>
            </div>
        </li>
    }
    .into_any()
}
