//! The question before an action on many flow runs, with their number spelled out.

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;

use crate::format;
use crate::model::BulkAction;
use crate::resources::{Asking, BulkQuestion};
use crate::ui::button::Button;
use crate::ui::dialog::{Confirm, Dialog};
use crate::ui::live::live;

/// Asks, once it is known which runs are meant, before it is done with exactly these.
#[component]
pub fn BulkQuestionView(
    question: BulkQuestion,
    on_yes: Callback<(BulkAction, Vec<FlowRunId>)>,
) -> impl IntoView {
    // How many are known changes while they are looked up, and that must not open the dialog anew.
    let shown = Memo::new(move |_| {
        let (action, asking) = question.asked.get()?;
        match asking {
            Asking::Known(ids) => Some((action, Some(ids))),
            // A dialog that is gone at once would only flash.
            Asking::LookingUp(0) => None,
            Asking::LookingUp(_) => Some((action, None)),
        }
    });
    live(move || {
        let (action, ids) = shown.get()?;
        let open = RwSignal::new(true);
        Effect::new(move |_| {
            if !open.get() {
                question.asked.set(None);
            }
        });
        Some(match ids {
            None => waiting(question, action, open),
            Some(ids) => {
                let runs = format::counted(ids.len(), "run");
                view! {
                    <Confirm
                        open=open
                        title=format!("{} {runs}?", action.word())
                        text=action.consequence().to_owned()
                        yes=format!("{} {runs}", action.word())
                        no="Leave them"
                        on_yes=Callback::new(move |()| on_yes.run((action, ids.to_vec())))
                    />
                }
                .into_any()
            }
        })
    })
}

/// While many runs are looked up.
fn waiting(question: BulkQuestion, action: BulkAction, open: RwSignal<bool>) -> AnyView {
    let known = move || {
        question.asked.with(|asked| match asked {
            Some((_, Asking::LookingUp(known))) => *known,
            _ => 0,
        })
    };
    view! {
        <Dialog open=open title=format!("{}: which runs?", action.word())>
            <p class="dialog__text" role="status">
                {move || format!("Looking them up: {} so far.", format::count(known()))}
            </p>
            <div class="dialog__actions">
                <Button label="Leave them" on_click=Callback::new(move |()| open.set(false))/>
            </div>
        </Dialog>
    }
    .into_any()
}
