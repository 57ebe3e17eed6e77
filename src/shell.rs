//! The frame around every page: the rail, the bar with the way back up, the banner when nobody answers.

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use web_sys::FocusOptions;

use crate::components::time::Clock;
use crate::components::toasts::ToastList;
use crate::palette::{OverPage, Palette};
use crate::resources::{Theme, remember_visits, use_connection, use_theme};
use crate::routes::Route;
use crate::scroll_memory::use_scroll_memory;
use crate::session::{CurrentPlace, Tone, use_offline, use_toasts};
use crate::ui::button::{Button, Weight};
use crate::ui::clipboard::copy;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::page_action::use_action_everywhere;
use crate::ui::resize::on_resize;

/// The shell with a page in it.
#[component]
pub fn Shell(
    /// What the palette lists.
    palette: OverPage,
    /// The list of all keys.
    keys: OverPage,
    children: Children,
) -> impl IntoView {
    remember_visits();
    let connection = use_connection();
    let location = use_location();
    let path = location.pathname;
    let main = NodeRef::<html::Main>::new();
    let memory = use_scroll_memory();
    // Another page begins at its top, or where one was when one comes back to it, and there the keyboard and the screen
    // reader go on.
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        let query = location.search.get();
        let mark = if query.is_empty() { "" } else { "?" };
        let is_return = memory.arrive(format!("{path}{mark}{query}"));
        if before.is_some_and(|before| before != path) {
            if !is_return {
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            if let Some(main) = main.get_untracked() {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // Fails only if the element has left the page.
                let _ = main.focus_with_options(&options);
            }
        }
        path
    });
    // What one came back to may only be there when the server has answered.
    on_resize(main, Callback::new(move |_| memory.restore_page()));
    view! {
        <div class="shell">
            // By hand: the page has a `<base>`, so that `#main` alone would be another place.
            <a
                class="shell__skip"
                href=move || format!("{}#main", path.get())
                on:click=move |event| {
                    event.prevent_default();
                    event.stop_propagation();
                    if let Some(main) = main.get_untracked() {
                        let _ = main.focus();
                    }
                }
            >
                "Skip to the page"
            </a>
            <Rail/>
            <Bar palette=palette keys=keys/>
            <main
                id="main"
                class="main"
                tabindex="-1"
                node_ref=main
                data-stale=move || connection.down_since().is_some().to_string()
            >
                <Banner/>
                {children()}
            </main>
            <ToastList/>
        </div>
    }
}

#[component]
fn Rail() -> impl IntoView {
    let path = use_location().pathname;
    // A flow run is found under runs, a flow under flows: the rail shows where a page belongs.
    let section = Memo::new(move |_| match Route::parse(&path.get()) {
        Some(Route::Home) => Some(0),
        Some(Route::Runs(_) | Route::FlowRun(..) | Route::TaskRun(_)) => Some(1),
        Some(Route::Flows | Route::Project(..) | Route::Flow(..) | Route::Task(_)) => Some(2),
        Some(Route::Agents) => Some(3),
        Some(Route::Settings) => Some(4),
        None => None,
    });
    let places = [
        ("Home", Icon::Home, Route::Home),
        ("Runs", Icon::Runs, Route::Runs(None)),
        ("Flows", Icon::Flows, Route::Flows),
        ("Agents", Icon::Agents, Route::Agents),
        ("Settings", Icon::Gear, Route::Settings),
    ];
    view! {
        <nav class="rail" aria-label="Main">
            <a class="rail__brand" href=Route::Home.to_string() tabindex="-1" aria-hidden="true">
                <span class="rail__mark"><Glyph icon=Icon::Mark size=20/></span>
                <span class="rail__word">"Flowdeck"</span>
            </a>
            <ul class="rail__list">
                {places
                    .into_iter()
                    .enumerate()
                    .map(|(index, (word, icon, route))| {
                        view! {
                            <li class:rail__last=index == 4>
                                <a
                                    class="rail__link"
                                    href=route.to_string()
                                    title=word
                                    aria-current=move || (section.get() == Some(index)).then_some("page")
                                >
                                    <Glyph icon=icon/>
                                    <span class="rail__word">{word}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
}

#[component]
fn Bar(palette: OverPage, keys: OverPage) -> impl IntoView {
    let place = expect_context::<CurrentPlace>().0;
    let connection = use_connection();
    // A tab in the background tells no more than its title.
    let offline = use_offline();
    Effect::new(move |_| {
        let away = if offline.get() { "Offline · " } else { "" };
        // The first page may not have told its title yet.
        let title = place.with(|place| place.title.clone());
        if !title.is_empty() {
            document().set_title(&format!("{away}{title} · Flowdeck"));
        }
    });
    let (theme, choose) = use_theme();
    let toasts = use_toasts();
    use_action_everywhere(
        "Copy the link to this page",
        Icon::Copy,
        Callback::new(move |()| {
            if copy(&window().location().href().unwrap_or_default()) {
                toasts.show(Tone::Good, "The link to this page is copied.", None, None);
            }
        }),
    );
    use_action_everywhere(
        Signal::derive(move || format!("Change the theme to {}", theme.get().next().name())),
        Icon::ThemeAuto,
        Callback::new(move |()| choose.run(theme.get_untracked().next())),
    );
    view! {
        <header class="bar">
            <nav class="bar__crumbs crumbs" aria-label="Path">
                <ol class="crumbs__list">
                    {move || {
                        place
                            .get()
                            .crumbs
                            .into_iter()
                            .map(|(words, href)| view! {
                                <li class="crumbs__crumb">
                                    {match href {
                                        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
                                        None => view! { <span aria-current="page">{words}</span> }.into_any(),
                                    }}
                                </li>
                            })
                            .collect_view()
                    }}
                </ol>
            </nav>
            <Palette search=palette keys=keys/>
            <span class="connection" data-up=move || connection.is_up().to_string()>
                <span class="connection__light"></span>
                <span class="connection__word">{move || if connection.is_up() { "live" } else { "no answer" }}</span>
            </span>
            <Button
                label=Signal::derive(move || format!("Theme: {}. Change it", theme.get().name()))
                icon=Signal::derive(move || match theme.get() {
                    Theme::Auto => Icon::ThemeAuto,
                    Theme::Dark => Icon::ThemeDark,
                    Theme::Light => Icon::ThemeLight,
                })
                weight=Weight::Quiet
                only_icon=true
                on_click=Callback::new(move |()| choose.run(theme.get_untracked().next()))
            />
        </header>
    }
}

/// Says since when nobody answers. Where nothing has been shown yet the page itself says more.
#[component]
fn Banner() -> impl IntoView {
    let connection = use_connection();
    view! {
        <div role="status">
            {move || {
                let since = connection.down_since()?;
                let last = connection.last_answer_untracked()?;
                Some(view! {
                    <p class="banner">
                        <Glyph icon=Icon::Broken/>
                        <span>
                            "The server has not answered since " <Clock time=since/> ". This is the picture as of "
                            <Clock time=last/> "; it goes on by itself when the server is back."
                        </span>
                    </p>
                })
            }}
        </div>
    }
}
