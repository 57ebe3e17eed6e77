//! `cargo xtask`: the one entry point for people who work on Flowdeck; this file only picks the command.

mod apt;
mod browser;
mod commands;
mod dashboard;
mod failure;
mod freshness;
mod layout_bench;
mod parts;
mod pieces;
#[path = "../../crates/cli/src/port_holder.rs"] // by its path: to depend on the binary would build all of it
mod port_holder;
mod ports;
mod precompress;
mod process;
mod server;
mod steps;
mod style_sheet;
#[cfg(test)]
mod tidy;
mod tools;
mod wasm;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = args.collect();
    let outcome = match command.as_str() {
        "start" => commands::start::run(&rest),
        "dev" => commands::dev::run(&rest),
        "check" => commands::check::run(),
        "test" => commands::test::run(&rest),
        "schema" => commands::schema::run(),
        "bench" => commands::bench::run(),
        "generate" => commands::generate::run(&rest),
        "screenshots" => commands::screenshots::run(&rest),
        "help" | "-h" | "--help" => {
            print!("{}", commands::help::TEXT);
            Ok(ExitCode::SUCCESS)
        }
        unknown => Err(failure::Failure::new(format!(
            "there is no command '{unknown}'; `cargo xtask help` lists them all"
        ))),
    };
    outcome.unwrap_or_else(|failure| {
        eprintln!("xtask: {failure}");
        ExitCode::FAILURE
    })
}
