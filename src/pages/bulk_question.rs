//! The question before an action on many flow runs, with their number spelled out.

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;

use crate::components::set_state::{Runs, SetState};
use crate::format;
use crate::model::{BulkAction, BulkAsked, BulkDeed};
use crate::resources::{Asking, BulkQuestion};
use crate::ui::button::Button;
use crate::ui::dialog::{Confirm, Dialog};
use crate::ui::live::live;

/// Asks, once it is known which runs are meant, before it is done with exactly these.
#[component]
pub fn BulkQuestionView(
    question: BulkQuestion,
    on_yes: Callback<(BulkDeed, Vec<FlowRunId>)>,
) -> impl IntoView {
    // How many are known changes while they are looked up, and that must not open the dialog anew.
    let shown = Memo::new(move |_| {
        let (about, asking) = question.asked.get()?;
        match asking {
            Asking::Known(ids, of) => Some((about, Some((ids, of)))),
            // A dialog that is gone at once would only flash.
            Asking::LookingUp(0) => None,
            Asking::LookingUp(_) => Some((about, None)),
        }
    });
    live(move || {
        let (about, ids) = shown.get()?;
        let open = RwSignal::new(true);
        Effect::new(move |_| {
            if !open.get() {
                question.asked.set(None);
            }
        });
        Some(match (about, ids) {
            (_, None) => waiting(question, about, open),
            (BulkAsked::State, Some((ids, _))) => view! {
                <SetState
                    open=open
                    of=Runs::Many(ids.len())
                    on_set=Callback::new(move |change| on_yes.run((BulkDeed::SetState(change), ids.to_vec())))
                />
            }
            .into_any(),
            (BulkAsked::Action(action), Some((ids, of))) => {
                let runs = match of {
                    Some(of) => format!("{} of {}", format::count(ids.len()), format::counted(of, "run")),
                    None => format::counted(ids.len(), "run"),
                };
                let on_yes = Callback::new(move |()| on_yes.run((BulkDeed::Action(action), ids.to_vec())));
                confirm(action, &runs, open, on_yes)
            }
        })
    })
}

fn confirm(action: BulkAction, runs: &str, open: RwSignal<bool>, on_yes: Callback<()>) -> AnyView {
    let words = action.words_with(runs);
    view! {
        <Confirm
            open=open
            title=format!("{words}?")
            text=action.consequence().to_owned()
            yes=words
            no="Leave them"
            on_yes=on_yes
        />
    }
    .into_any()
}

/// While many runs are looked up.
fn waiting(question: BulkQuestion, about: BulkAsked, open: RwSignal<bool>) -> AnyView {
    let known = move || {
        question.asked.with(|asked| match asked {
            Some((_, Asking::LookingUp(known))) => *known,
            _ => 0,
        })
    };
    view! {
        <Dialog open=open title=format!("{}: which runs?", about.word().trim_end_matches('…'))>
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
