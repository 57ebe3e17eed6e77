//! All icons: drawn on a 16 × 16 grid with a stroke of 1.5 in the color of the text around them.

use leptos::prelude::*;

/// An icon. States have shapes that differ even without color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Agents,
    Arrow,
    Broken,
    Check,
    CheckBolt,
    Clock,
    Close,
    Copy,
    Cross,
    Fan,
    Flag,
    Flows,
    Gear,
    HalfRing,
    Home,
    Hourglass,
    Lightning,
    Loop,
    Mark,
    Pause,
    Play,
    Queue,
    Resume,
    Retry,
    Ring,
    Runs,
    Search,
    Send,
    Shield,
    Skip,
    Slash,
    Stop,
    ThemeAuto,
    ThemeDark,
    ThemeLight,
    Warning,
}

impl Icon {
    /// The drawing: paths that are stroked, and one that is filled.
    pub fn paths(self) -> (&'static str, &'static str) {
        const RING: &str = "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5z";
        match self {
            Self::Agents => (
                "M3 4.5h10v7H3zM6 11.5v2M10 11.5v2M1 8h2M13 8h2M8 4.5v-2",
                "M5.5 7h1.5v1.5H5.5zM9 7h1.5v1.5H9z",
            ),
            Self::Arrow => ("M2.5 8h10.5M9 4l4 4l-4 4", ""),
            Self::Broken => (
                "M6.5 4.5l1-1a3 3 0 0 1 4.6.2a3 3 0 0 1-.3 4l-1 1M9.5 11.5l-1 1a3 3 0 0 1-4.6-.2a3 3 0 0 1 .3-4l1-1M2.5 5h1.7M5 2.5v1.7M13.5 11h-1.7M11 13.5v-1.7",
                "",
            ),
            Self::Check => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5zM5.2 8.2l2 2l3.7-4.2",
                "",
            ),
            Self::CheckBolt => ("M14 7.2a6.25 6.25 0 1 1-4.2-5.1M5.2 8.2l2 2l6.3-6.8", ""),
            Self::Clock => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5zM8 4.5V8l2.4 1.6",
                "",
            ),
            Self::Close => ("M4 4l8 8M12 4l-8 8", ""),
            Self::Copy => ("M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3", ""),
            Self::Cross => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6",
                "",
            ),
            Self::Fan => (
                "M4 8h3.5M7.5 8l3.5-4.5M7.5 8H11M7.5 8l3.5 4.5",
                "M1.5 6.2h3.2v3.6H1.5zM11 2h3v3h-3zM11 6.5h3v3h-3zM11 11h3v3h-3z",
            ),
            Self::Flag => ("M3.5 14.5v-12.5M3.5 2.8h8.5l-2 3l2 3H3.5", ""),
            Self::Flows => (
                "M2 2.5h4.5v3.5H2zM9.5 10h4.5v3.5H9.5zM4.25 6v5.75h5.25M2 11.75h0",
                "",
            ),
            Self::Gear => (
                "M8 5.6a2.4 2.4 0 1 1 0 4.8a2.4 2.4 0 0 1 0-4.8zM8 3.7V1.6M8 14.4v-2.1M12.3 8h2.1M1.6 8h2.1M11.04 4.96l1.49-1.49M3.47 12.53l1.49-1.49M11.04 11.04l1.49 1.49M3.47 3.47l1.49 1.49M8 3.7a4.3 4.3 0 1 1 0 8.6a4.3 4.3 0 0 1 0-8.6z",
                "",
            ),
            Self::HalfRing => (
                "M8 1.75a6.25 6.25 0 0 1 0 12.5",
                "M8 5.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5z",
            ),
            Self::Home => ("M2 7.5L8 2.2l6 5.3M3.8 6.2v7.3h8.4V6.2M6.5 13.5v-4h3v4", ""),
            Self::Hourglass => (
                "M3.5 1.75h9M3.5 14.25h9M4.5 1.75c0 4 3.5 4.2 3.5 6.25s-3.5 2.25-3.5 6.25M11.5 1.75c0 4-3.5 4.2-3.5 6.25s3.5 2.25 3.5 6.25",
                "",
            ),
            Self::Lightning => ("M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z", ""),
            Self::Loop => (
                "M8 8c-1.2-1.9-2.3-2.8-3.6-2.8a2.8 2.8 0 0 0 0 5.6C5.7 10.8 6.8 9.9 8 8s2.3-2.8 3.6-2.8a2.8 2.8 0 0 1 0 5.6C10.3 10.8 9.2 9.9 8 8z",
                "",
            ),
            Self::Mark => (
                "M8 1.5l6 3.6v5.8L8 14.5l-6-3.6V5.1zM8 8v6.5M8 8l6-2.9M8 8L2 5.1",
                "",
            ),
            Self::Pause => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5zM6.3 5.5v5M9.7 5.5v5",
                "",
            ),
            Self::Play => (
                "",
                "M4.5 2.4v11.2a.6.6 0 0 0 .92.5l8.5-5.6a.6.6 0 0 0 0-1l-8.5-5.6a.6.6 0 0 0-.92.5z",
            ),
            Self::Queue => ("M2.5 4h11M2.5 8h11M2.5 12h6.5", ""),
            Self::Resume => (RING, "M6.5 5.2v5.6L11 8z"),
            Self::Retry => ("M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.7V4.8h-3.1", ""),
            Self::Ring => (
                "M8 1.75a6.25 6.25 0 0 1 3 .77M13.3 4.7a6.25 6.25 0 0 1 .9 3.1M13.6 10.8a6.25 6.25 0 0 1-2.3 2.5M8.5 14.2a6.25 6.25 0 0 1-3.3-.6M2.9 11.6a6.25 6.25 0 0 1-1.1-3M2.2 5.7a6.25 6.25 0 0 1 2-2.6",
                "",
            ),
            Self::Runs => ("M2 3.5h5M2 8h9M2 12.5h3M10 3.5h4M13.5 8h.5M8 12.5h6", ""),
            Self::Search => ("M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9zM10.5 10.5L14 14", ""),
            Self::Send => ("M14 2L7 9M14 2L9.5 14L7 9L2 6.5z", ""),
            Self::Shield => (
                "M8 1.5l5.5 2v4.2c0 3.4-2.3 5.6-5.5 6.8c-3.2-1.2-5.5-3.4-5.5-6.8V3.5zM6 6l4 4M10 6l-4 4",
                "",
            ),
            Self::Skip => ("M2.5 4l4 4l-4 4M7.5 4l4 4l-4 4M13.8 3.8v8.4", ""),
            Self::Slash => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5zM3.6 12.4l8.8-8.8",
                "",
            ),
            Self::Stop => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5z",
                "M5.75 5.75h4.5v4.5h-4.5z",
            ),
            Self::ThemeAuto => (
                "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5z",
                "M8 1.75a6.25 6.25 0 0 1 0 12.5z",
            ),
            Self::ThemeDark => ("M13.5 9.7A5.8 5.8 0 0 1 6.3 2.5a5.8 5.8 0 1 0 7.2 7.2z", ""),
            Self::ThemeLight => (
                "M8 5a3 3 0 1 1 0 6a3 3 0 0 1 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M3 13l1.1-1.1M11.9 4.1L13 3",
                "",
            ),
            Self::Warning => ("M8 2L14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2", ""),
        }
    }
}

/// An icon beside a word, or with one for screen readers near it: it is hidden from them itself.
#[component]
pub fn Glyph(
    /// Which one.
    #[prop(into)]
    icon: Signal<Icon>,
    /// Width and height in pixels.
    #[prop(default = 16)]
    size: u32,
) -> impl IntoView {
    view! {
        <svg class="icon" width=size height=size viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path
                d=move || icon.get().paths().0
                fill="none"
                stroke="currentColor"
                stroke-width="1.5"
                stroke-linecap="round"
                stroke-linejoin="round"
            />
            <path d=move || icon.get().paths().1 fill="currentColor"/>
        </svg>
    }
}
