//! `/flow/:id`: what the flow is: its last runs, schedule, parameters and settings.

use leptos::prelude::*;
use serde_json::Value;

use super::clocks_in_words;
use crate::components::flow_run_table::FlowRunTable;
use crate::components::json::{Json, JsonLine};
use crate::components::labels::LabelList;
use crate::components::markdown::Markdown;
use crate::components::time::At;
use crate::model::{Flow, FlowRun};
use crate::polled::Polled;
use crate::routes::{FlowTab, Route};
use crate::ui::loaded::Loaded;
use crate::ui::only::Only;

/// How many of the last runs are shown here; the rest is one tab away.
const LAST: usize = 8;

/// The flow's overview.
#[component]
pub fn Overview(flow: Signal<Flow>, runs: Polled<Vec<FlowRun>>) -> impl IntoView {
    // What is shown below is registered once and hardly ever changes: drawn anew only when it does.
    let shown = Memo::new(move |_| flow.get());
    view! {
        <div class="columns">
            <div class="columns__main">
                {move || shown.with(|flow| flow.description.clone()).map(|text| view! {
                    <section class="section">
                        <h2 class="section__title">"Description"</h2>
                        <Markdown text=text/>
                    </section>
                })}
                <section class="section">
                    <div class="section__head">
                        <h2 class="section__title">"Last runs"</h2>
                        <a class="section__more" href=move || shown.with(|flow| Route::Flow(flow.id, FlowTab::Runs).to_string())>
                            "all"
                        </a>
                    </div>
                    <Loaded polled=runs what="list of runs" let:runs>
                        {
                            let last = Memo::new(move |_| runs.with(|runs| runs.iter().take(LAST).cloned().collect::<Vec<_>>()));
                            view! {
                                <Only when=move || last.with(|runs| !runs.is_empty()) fallback=super::NoRuns>
                                    <FlowRunTable runs=last of_one_flow=true/>
                                </Only>
                            }
                        }
                    </Loaded>
                </section>
                <section class="section">
                    <div class="section__head">
                        <h2 class="section__title">"Parameters"</h2>
                        <a class="section__more" href=move || shown.with(|flow| Route::Flow(flow.id, FlowTab::Settings).to_string())>
                            "set defaults"
                        </a>
                    </div>
                    {move || view! { <Parameters flow=shown.get()/> }}
                </section>
            </div>
            <div class="columns__side">{move || view! { <Facts flow=shown.get()/> }}</div>
        </div>
    }
}

#[component]
fn Parameters(flow: Flow) -> impl IntoView {
    if flow.parameters.is_empty() {
        return view! { <p class="nothing">"It takes no parameters."</p> }.into_any();
    }
    let defaults = flow.default_parameters;
    view! {
        <div class="table-frame panel" tabindex="0">
            <table class="table" aria-label="Parameters">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Default"</th>
                    </tr>
                </thead>
                <tbody>
                    {flow
                        .parameters
                        .into_iter()
                        .map(|parameter| {
                            let of_group = defaults.get(&parameter.name).cloned();
                            let value = match (of_group, parameter.required) {
                                (Some(value), _) => view! {
                                    <JsonLine value=value/> " " <span class="nothing">"set for all versions"</span>
                                }
                                .into_any(),
                                (None, true) => view! { <span class="required">"required"</span> }.into_any(),
                                (None, false) => view! { <JsonLine value=parameter.default/> }.into_any(),
                            };
                            view! {
                                <tr>
                                    <td class="table__text"><code>{parameter.name}</code></td>
                                    <td>{parameter.value_type.map_or("any", |value_type| value_type.word())}</td>
                                    <td class="table__fill">{value}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Facts(flow: Flow) -> impl IntoView {
    let clocks = clocks_in_words(&flow);
    let kind = |config: &Value| config.get("type").and_then(Value::as_str).map(str::to_owned);
    let schedule = match (clocks.is_empty(), flow.is_schedule_active) {
        (true, _) => {
            view! { <span class="nothing">"none: it runs only when somebody starts it"</span> }.into_any()
        }
        (false, active) => view! {
            <ul>{clocks.into_iter().map(|clock| view! { <li>{clock}</li> }).collect_view()}</ul>
            {(!active).then(|| view! { <span class="nothing">"switched off"</span> })}
        }
        .into_any(),
    };
    view! {
        <dl class="facts panel">
            <dt>"Schedule"</dt>
            <dd>{schedule}</dd>
            <dt>"Labels"</dt>
            <dd><LabelList labels=flow.labels/></dd>
            <dt>"Registered"</dt>
            <dd><At time=flow.created_at/></dd>
            {flow.core_version.map(|version| view! { <dt>"Prefect version"</dt><dd>{version}</dd> })}
            <dt>"Flow id"</dt>
            <dd><code class="id">{flow.id.to_string()}</code></dd>
            <dt>"Group id"</dt>
            <dd><code class="id">{flow.group_id.to_string()}</code></dd>
        </dl>
        <details class="fold panel">
            <summary>"Storage" <span class="section__note">{kind(&flow.storage)}</span></summary>
            <Json value=flow.storage/>
        </details>
        <details class="fold panel">
            <summary>"Run config" <span class="section__note">{kind(&flow.run_config)}</span></summary>
            <Json value=flow.run_config/>
        </details>
    }
}
