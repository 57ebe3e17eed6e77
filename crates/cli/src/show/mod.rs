//! What people see in the terminal: tables, colours, times. It knows text, not the API.

pub mod ink;
pub mod moment;
pub mod table;
