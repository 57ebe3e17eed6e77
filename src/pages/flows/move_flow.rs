//! The dialog that moves a flow of the list to another project.

use leptos::prelude::*;

use crate::components::project_select::project_select;
use crate::model::{FlowLine, Project};
use crate::resources::{FlowChange, use_change_flow, use_projects};
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Dialog;

/// Open while there is a flow to move.
pub fn dialog(moved: RwSignal<Option<FlowLine>>, refresh: Callback<()>) -> AnyView {
    let open = RwSignal::new(false);
    let target = RwSignal::new(None::<Project>);
    Effect::new(move |_| {
        if moved.with(Option::is_some) {
            target.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            moved.set(None);
        }
    });
    let projects = use_projects(move || open.get());
    let busy = RwSignal::new(false);
    let change = use_change_flow(busy, Callback::new(|()| {}), refresh);
    let on_yes = Callback::new(move |()| {
        if let (Some(line), Some(project)) = (moved.get_untracked(), target.get_untracked()) {
            open.set(false);
            change.run(FlowChange::Move(line.flow.group_id, project));
        }
    });
    let title = Signal::derive(move || {
        let name = moved.with(|line| line.as_ref().map(|line| line.flow.name.clone()));
        format!("Move {}", name.unwrap_or_default())
    });
    let without = Signal::derive(move || moved.with(|line| line.as_ref().map(|line| line.flow.project_id)));
    view! {
        <Dialog open=open title=title>
            <p class="dialog__text">
                "All its versions move, with their runs. Register it into the new project from then on: in the old one its name would begin a flow of its own."
            </p>
            <div class="dialog__form">
                {project_select("To", projects.value, without, target)}
                <div class="dialog__actions">
                    <Button label="Keep as is" on_click=Callback::new(move |()| open.set(false))/>
                    <Button label="Move it" weight=Weight::Primary busy=busy on_click=on_yes/>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}
