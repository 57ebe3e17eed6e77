//! Flow runs as a table: state, flow, run, start, duration, labels.

use leptos::prelude::*;

use super::labels::LabelList;
use super::state_badge::StateBadge;
use super::time::{Elapsed, started};
use crate::model::{FlowRun, Timestamp};
use crate::routes::Route;
use crate::ui::each::Each;

/// A table of flow runs; the children are shown when there is none.
#[component]
pub fn FlowRunTable(
    /// The runs in the order in which they are shown.
    #[prop(into)]
    runs: Signal<Vec<FlowRun>>,
    /// Leaves the flow's name out, where the page is about one flow.
    #[prop(optional)]
    of_one_flow: bool,
) -> impl IntoView {
    view! {
        <div class="table-frame panel">
            <table class="table flow-run-table" aria-label="Flow runs">
                <thead>
                    <tr>
                        <th scope="col">"State"</th>
                        <th scope="col">{if of_one_flow { "Version" } else { "Flow" }}</th>
                        <th scope="col">"Run"</th>
                        <th scope="col" class="table__number">"Started"</th>
                        <th scope="col" class="table__number table__wide">"Duration"</th>
                        <th scope="col" class="table__wide">"Labels"</th>
                    </tr>
                </thead>
                <tbody>
                    <Each
                        of=move || runs.get()
                        key=|run| (run.id, run.state, run.started_at, run.ended_at, run.name.clone())
                        let:run
                    >
                        {
                            let ticks = run.started_at.is_some() && !run.state.is_finished();
                            let flow = if of_one_flow {
                                view! { {format!("v{}", run.flow_version)} }.into_any()
                            } else {
                                let href = Route::flow(run.flow_id).to_string();
                                view! { <a class="link" href=href>{run.flow_name.clone()}</a> }.into_any()
                            };
                            view! {
                                <tr>
                                    <td><StateBadge state=run.state/></td>
                                    <td class:table__fill=!of_one_flow>{flow}</td>
                                    <td class="table__fill">
                                        <a class="link link--main" href=Route::flow_run(run.id).to_string()>
                                            {run.name.clone()}
                                        </a>
                                    </td>
                                    <td class="table__number">{started(run.start())}</td>
                                    <td class="table__number table__wide">
                                        <Elapsed
                                            of=Callback::new({
                                                let run = run.clone();
                                                move |now: Timestamp| run.duration(now)
                                            })
                                            ticks=ticks
                                        />
                                    </td>
                                    <td class="table__wide table__fill"><LabelList labels=run.labels.clone()/></td>
                                </tr>
                            }
                        }
                    </Each>
                </tbody>
            </table>
        </div>
    }
}
