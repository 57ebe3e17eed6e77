//! One file per command; what they share (steps, tools, ports, processes) lies one level up.

pub mod bench;
pub mod check;
pub mod dev;
pub mod generate;
pub mod help;
pub mod schema;
pub mod screenshots;
pub mod start;
pub mod test;
