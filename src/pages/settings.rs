//! `/settings`: what a person can set for this browser, and what server answers.

use leptos::prelude::*;

use crate::components::zone_field::ZoneField;
use crate::model::Server;
use crate::resources::{
    HoursChoice, Theme, use_connection, use_extensions, use_server, use_settings, use_theme,
};
use crate::session::{Place, use_now, use_place};
use crate::ui::button::Button;
use crate::ui::choice::Choice;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::loaded::Loaded;
use crate::wall_clock;

const THEMES: [Theme; 3] = [Theme::Auto, Theme::Dark, Theme::Light];

/// What can be set.
#[component]
pub fn SettingsPage() -> impl IntoView {
    use_place(|| Place {
        crumbs: vec![("Settings".to_owned(), None)],
        title: "Settings".to_owned(),
    });
    view! {
        <div class="page settings">
            <div class="page__head">
                <div class="page__headline">
                    <h1 class="page__title">"Settings"</h1>
                    <p class="page__lead">"Changes apply at once and are kept in this browser only."</p>
                </div>
            </div>
            <Look/>
            <Times/>
            <Answers/>
        </div>
    }
}

#[component]
fn Look() -> impl IntoView {
    let (theme, choose) = use_theme();
    let is_compact = use_settings().is_compact;
    view! {
        <section class="section" aria-label="Look">
            <h2 class="section__title">"Look"</h2>
            <div class="panel settings__panel">
                <Choice
                    label="Theme"
                    words=&["Same as the system", "Dark", "Light"]
                    chosen=Signal::derive(move || THEMES.iter().position(|one| *one == theme.get()).unwrap_or(0))
                    on_choose=Callback::new(move |place: usize| choose.run(THEMES[place]))
                />
                <Choice
                    label="Rows"
                    words=&["Regular", "Compact"]
                    chosen=Signal::derive(move || usize::from(is_compact.get()))
                    on_choose=Callback::new(move |place| is_compact.set(place == 1))
                />
            </div>
        </section>
    }
}

#[component]
fn Times() -> impl IntoView {
    let settings = use_settings();
    let now = use_now();
    let own = wall_clock::browser_zone();
    let shown = Signal::derive({
        let own = own.clone();
        move || {
            settings.zone.with(|zone| {
                if zone.is_empty() {
                    own.clone()
                } else {
                    zone.clone()
                }
            })
        }
    });
    let clock = move || {
        // What was set is in force before this is drawn again.
        settings.zone.track();
        settings.hours.track();
        wall_clock::full_time(now.get())
    };
    view! {
        <section class="section" aria-label="Times">
            <h2 class="section__title">"Times"</h2>
            <div class="panel settings__panel">
                <p class="settings__clock">{clock}</p>
                <div class="settings__zone">
                    <div class="field">
                        <span class="field__label" aria-hidden="true">"Time zone"</span>
                        <ZoneField label="Time zone" zone=shown on_choose=Callback::new(move |zone| settings.zone.set(zone))/>
                    </div>
                    <div class="settings__zones">
                        <Button
                            label=format!("This browser's: {own}")
                            on_click=Callback::new(move |()| settings.zone.set(String::new()))
                        />
                        <Button
                            label="UTC"
                            on_click=Callback::new(move |()| settings.zone.set("UTC".to_owned()))
                        />
                    </div>
                </div>
                <Choice
                    label="Hours"
                    words=&["14:02", "2:02 PM", "Same as the browser"]
                    chosen=Signal::derive(move || {
                        HoursChoice::ALL.iter().position(|one| *one == settings.hours.get()).unwrap_or(0)
                    })
                    on_choose=Callback::new(move |place: usize| settings.hours.set(HoursChoice::ALL[place]))
                />
                <p class="field__hint">
                    "It holds for every time on every page, for filters such as started:>2026-11-23, and for the steps of \
                     charts. A schedule keeps its own zone; its next times are shown in both."
                </p>
            </div>
        </section>
    }
}

#[component]
fn Answers() -> impl IntoView {
    let server = use_server();
    view! {
        <section class="section" aria-label="Server">
            <h2 class="section__title">"Server"</h2>
            <Loaded polled=server what="server" let:server>
                <Facts server=server/>
            </Loaded>
        </section>
    }
}

#[component]
fn Facts(server: Signal<Server>) -> impl IntoView {
    let connection = use_connection();
    let extensions = use_extensions();
    let fact = move |name: &'static str, value: fn(&Server) -> String| {
        view! { <dt>{name}</dt><dd>{move || server.with(value)}</dd> }.into_any()
    };
    view! {
        <dl class="facts panel">
            {fact("Address", |server| server.url.clone())}
            {fact("Version", |server| match server.version.as_str() {
                "" => "it does not tell".to_owned(),
                version => version.to_owned(),
            })}
            {fact("API", |server| match server.core_version.as_str() {
                "" => "Prefect 1".to_owned(),
                version => format!("Prefect {version}"),
            })}
            <dt>"Connection"</dt>
            <dd>{move || if connection.is_up() { "it answers" } else { "no answer at the moment" }}</dd>
            <dt>"Beyond Prefect 1"</dt>
            <dd>
                <ul class="settings__extensions">
                    {move || extensions.get().map(|known| known.listed().map(extension).collect_view())}
                </ul>
            </dd>
        </dl>
    }
}

fn extension((words, is_there): (&'static str, bool)) -> AnyView {
    let icon = if is_there { Icon::Check } else { Icon::Slash };
    view! {
        <li data-there=is_there.to_string()>
            <Glyph icon=icon/>
            <span>{words} <span class="nothing">{(!is_there).then_some(" · not offered")}</span></span>
        </li>
    }
    .into_any()
}
