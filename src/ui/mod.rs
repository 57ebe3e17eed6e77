//! Building blocks that know nothing of flows and runs: no router, no requests, no nouns of ours.

pub mod button;
pub mod chips;
pub mod choice;
pub mod chord;
pub mod clipboard;
pub mod combobox;
pub mod command;
pub mod dialog;
pub mod dropdown;
pub mod each;
pub mod empty;
pub mod focus;
pub mod icon;
pub mod live;
pub mod loaded;
pub mod menu;
pub mod only;
pub mod page_action;
pub mod picture_file;
pub mod resize;
pub mod save;
pub mod switch;
pub mod tabs;
pub mod typed_confirm;
pub mod windowed;
