//! Flow runs as a table: state, flow, run, start, duration, labels.

use leptos::prelude::*;

use super::labels::LabelList;
use super::state_badge::StateBadge;
use super::time::{Elapsed, started};
use crate::model::{FlowRun, Timestamp};
use crate::routes::Route;
use crate::ui::each::{Each, item};

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
                    <Each of=move || runs.get() key=|run| run.id let:run>
                        {
                            let href = Route::flow_run(run.id).to_string();
                            // The row stays, with its focus, while what is in it changes. Of a run neither flow nor version do.
                            let flow = if of_one_flow {
                                view! { {format!("v{}", run.flow_version)} }.into_any()
                            } else {
                                let href = Route::flow(run.flow_id).to_string();
                                view! { <a class="link" href=href>{run.flow_name.clone()}</a> }.into_any()
                            };
                            let run = item(runs, run, |one, other| one.id == other.id);
                            let state = Memo::new(move |_| run.with(|run| run.state));
                            let name = Memo::new(move |_| run.with(|run| run.name.clone()));
                            let start = Memo::new(move |_| run.with(FlowRun::start));
                            let labels = Memo::new(move |_| run.with(|run| run.labels.clone()));
                            let ticks = move || run.with(|run| run.started_at.is_some() && !run.state.is_finished());
                            view! {
                                <tr>
                                    <td><StateBadge state=state/></td>
                                    <td class:table__fill=!of_one_flow>{flow}</td>
                                    <td class="table__fill">
                                        <a class="link link--main" href=href>{name}</a>
                                    </td>
                                    <td class="table__number">{move || started(start.get())}</td>
                                    <td class="table__number table__wide">
                                        <Elapsed
                                            of=Callback::new(move |now: Timestamp| run.with(|run| run.duration(now)))
                                            ticks=Signal::derive(ticks)
                                        />
                                    </td>
                                    <td class="table__wide table__fill">{move || view! { <LabelList labels=labels.get()/> }.into_any()}</td>
                                </tr>
                            }
                        }
                    </Each>
                </tbody>
            </table>
        </div>
    }
}
