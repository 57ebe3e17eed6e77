//! `/flow/:id?tab=run`: the form that starts a run with other values than the usual ones.

mod parts;

use flowdeck_vocabulary::FlowRunId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::parameter_fields::{ParameterFields, focus};
use crate::model::{
    FieldError, Flow, ParametersDraft, ParametersFor, RunDraft, RunField, RunRequest, Timestamp,
};
use crate::resources::{use_run_inputs, use_start_run};
use crate::routes::{FlowTab, Route};
use crate::session::use_now;
use crate::ui::button::{Button, Weight};
use crate::ui::command::Command;
use crate::ui::empty::Empty;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_action::use_page_action;
use crate::wall_clock::{zone, zone_offset};

/// What is typed into the form. It belongs to the page, so that a look at another tab loses nothing.
#[derive(Clone, Copy)]
pub struct Typed {
    draft: RwSignal<Option<RunDraft>>,
    parameters: RwSignal<ParametersDraft>,
}

impl Typed {
    /// Nothing so far.
    pub fn new() -> Self {
        Self {
            draft: RwSignal::new(None),
            parameters: RwSignal::new(ParametersDraft::new(
                ParametersFor::Run,
                &[],
                &serde_json::Value::Null,
            )),
        }
    }

    /// The form of this flow; what was typed into it before stays.
    fn open(self, flow: &Flow) {
        let mut draft = RunDraft::new(flow, zone());
        let mut parameters =
            ParametersDraft::new(ParametersFor::Run, &flow.parameters, &flow.default_parameters);
        if let Some(earlier) = self
            .draft
            .get_untracked()
            .filter(|earlier| earlier.flow_id == flow.id)
        {
            draft.keep_typed(&earlier);
            self.parameters
                .with_untracked(|earlier| parameters.keep_typed(earlier));
        }
        self.draft.set(Some(draft));
        self.parameters.set(parameters);
    }

    fn forget(self, flow: &Flow) {
        self.draft.set(None);
        self.open(flow);
    }

    fn edit(self, change: impl FnOnce(&mut RunDraft)) {
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                change(draft);
            }
        });
    }

    /// Reads the form, reactively.
    fn with<T>(self, read: impl FnOnce(&RunDraft) -> T) -> Option<T> {
        self.draft.with(|draft| draft.as_ref().map(read))
    }

    fn request(self, now: Timestamp) -> Result<RunRequest, Vec<(RunField, FieldError)>> {
        self.with(|draft| {
            self.parameters
                .with(|parameters| draft.request(parameters, now, zone_offset))
        })
        .unwrap_or_else(|| Err(Vec::new()))
    }
}

/// What would happen if it was started now.
#[derive(Debug, Clone, PartialEq, Default)]
struct Outlook {
    /// What would be sent, in words.
    words: String,
    /// The command that does the same.
    command: String,
    /// What is wrong.
    errors: Vec<(RunField, FieldError)>,
}

/// The form.
#[component]
pub fn Run(flow: Signal<Flow>, typed: Typed) -> impl IntoView {
    if flow.with_untracked(|flow| flow.archived) {
        return archived(flow).into_any();
    }
    typed.open(&flow.get_untracked());
    let query = use_query_map();
    let from = Memo::new(move |_| {
        let from = query.with(|query| query.get("from"));
        from.and_then(|id| id.parse::<FlowRunId>().ok())
    });
    let filled_from = move || {
        typed
            .with(|draft| draft.from.as_ref().map(|(id, _)| *id))
            .flatten()
    };
    let inputs = use_run_inputs(move || from.get().filter(|id| filled_from() != Some(*id)));
    Effect::new(move |_| {
        if let (Some(inputs), Some(id)) = (inputs.value.get(), from.get_untracked()) {
            typed.edit(|draft| draft.fill(id, &inputs));
            typed.parameters.update(|parameters| {
                parameters.fill(&inputs.parameters);
                parameters.json = None;
            });
        }
    });

    let now = use_now();
    let outlook = Memo::new(move |_| {
        let later = typed.with(|draft| draft.later).unwrap_or(false);
        let now = if later { now.get() } else { now.get_untracked() };
        match typed.request(now) {
            Ok(request) => Outlook {
                words: request
                    .summary(typed.parameters.with(ParametersDraft::count), now)
                    .join(" · "),
                command: flow.with(|flow| request.command(flow)),
                errors: Vec::new(),
            },
            Err(errors) => Outlook {
                errors,
                ..Outlook::default()
            },
        }
    });
    let error_at = move |wanted: RunField| {
        Signal::derive(move || {
            let at = |outlook: &Outlook| outlook.errors.iter().find(|(field, _)| *field == wanted).cloned();
            outlook.with(at).map(|(_, error)| error)
        })
    };

    let strict = RwSignal::new(false);
    let is_used = |draft: &RunDraft| !draft.context.is_empty() || !draft.log_level.is_empty();
    let advanced = RwSignal::new(untrack(|| typed.with(is_used)).unwrap_or(false));
    let (busy, refusal) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let navigate = use_navigate();
    let send = use_start_run(
        busy,
        refusal,
        Callback::new(move |id| {
            typed.draft.set(None);
            navigate(&Route::flow_run(id).to_string(), NavigateOptions::default());
        }),
    );
    let start = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        match untrack(|| typed.request(now.get())) {
            Ok(request) => send.run((flow.with_untracked(|flow| flow.name.clone()), request.to_input())),
            Err(errors) => {
                strict.set(true);
                let Some(first) = errors.first().map(|(field, _)| *field) else {
                    return;
                };
                if first.is_advanced() {
                    advanced.set(true);
                }
                // After the fold has opened.
                request_animation_frame(move || focus(&first.id()));
            }
        }
    });
    use_page_action("Start the run", Icon::Play, || true, start);
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            start.run(());
        }
    };
    let leave = use_navigate();
    let start_over = Callback::new(move |()| {
        let flow = flow.get_untracked();
        typed.forget(&flow);
        let route = Route::Flow(flow.id, FlowTab::Run).to_string();
        leave(
            &route,
            NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    });
    let has_parameters = Memo::new(move |_| {
        typed
            .parameters
            .with(|draft| !draft.fields.is_empty() || draft.json.is_some())
    });
    view! {
        <form class="columns run-form" aria-label="Start a run" on:submit=|event| event.prevent_default() on:keydown=on_key>
            <div class="columns__main">
                {parts::filled_from(typed, inputs, start_over)}
                <section class="section">
                    <h2 class="section__title">"Parameters"</h2>
                    {move || if has_parameters.get() {
                        view! { <ParameterFields draft=typed.parameters strict=strict/> }.into_any()
                    } else {
                        view! { <p class="nothing">"It takes no parameters."</p> }.into_any()
                    }}
                </section>
                {parts::when(typed, strict.into(), error_at(RunField::When))}
                {parts::name_and_labels(typed)}
                {parts::advanced(typed, advanced, error_at(RunField::Context), error_at(RunField::RunConfig))}
            </div>
            <aside class="columns__side run-form__side" aria-label="What will be sent">
                <div class="panel run-form__send">
                    <p class="run-form__words">
                        {move || outlook.with(|outlook| {
                            if outlook.errors.is_empty() {
                                return outlook.words.clone();
                            }
                            let mut names: Vec<String> = outlook.errors.iter().map(|(field, _)| parts::name_of(*field, typed)).collect();
                            // Of parameters as one text several may be wrong.
                            names.dedup();
                            format!("Not ready yet: {}", names.join(", "))
                        })}
                    </p>
                    <div role="alert">
                        {move || refusal.get().map(|why| view! {
                            <p class="notice" data-tone="bad"><Glyph icon=Icon::Cross/><span>{why}</span></p>
                        }).into_any()}
                        {move || strict.get().then(|| outlook.with(|outlook| parts::errors(&outlook.errors, typed))).into_any()}
                    </div>
                    <div class="run-form__go">
                        <Button
                            label=Signal::derive(move || {
                                let later = typed.with(|draft| draft.later).unwrap_or(false);
                                if later { "Schedule the run".to_owned() } else { "Start the run".to_owned() }
                            })
                            icon=Icon::Play
                            weight=Weight::Primary
                            busy=busy
                            on_click=start
                        />
                        <kbd class="run-form__keys">"Ctrl Enter"</kbd>
                    </div>
                    {move || {
                        let command = outlook.with(|outlook| outlook.command.clone());
                        (!command.is_empty()).then(|| view! {
                            <div class="run-form__command">
                                <span class="field__label">"As a command"</span>
                                <Command text=command/>
                            </div>
                        }).into_any()
                    }}
                </div>
            </aside>
        </form>
    }
    .into_any()
}

fn archived(flow: Signal<Flow>) -> impl IntoView {
    let newest = flow.with_untracked(|flow| flow.newer().cloned());
    view! {
        <Empty icon=Icon::Slash title="It starts no runs" text="This version was put away.">
            {newest.map(|newest| view! {
                <a class="button" href=Route::Flow(newest.id, FlowTab::Run).to_string()>
                    {format!("Run version {}", newest.version)}
                </a>
            })}
        </Empty>
    }
}
