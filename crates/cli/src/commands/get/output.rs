//! How a list is printed, and how long it may get.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::failure::Outcome;
use crate::show::ink::Ink;
use crate::show::say;
use crate::show::table::{Column, Table};

#[derive(Debug, Args)]
pub struct ListArgs {
    /// At most this many rows
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
    /// How to print them
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// Aligned columns, coloured on a terminal
    Table,
    /// A JSON array with one object per row, in the API's words
    Json,
}

impl ListArgs {
    /// Prints the rows: as JSON as they came, or as a table of what `cells` makes of each.
    pub fn print(
        &self,
        rows: &[Value],
        columns: &[(&'static str, Column)],
        cells: impl Fn(&Value) -> Vec<String>,
    ) -> Outcome {
        if self.output == Output::Json {
            say(format!("{:#}", json!(rows)));
            return Ok(ExitCode::SUCCESS);
        }
        if rows.is_empty() {
            say("None.");
            return Ok(ExitCode::SUCCESS);
        }
        let mut table = Table::new(columns);
        for row in rows {
            table.row(cells(row));
        }
        say(table.render(Ink::of_stdout()).trim_end());
        if rows.len() as u64 == u64::from(self.limit) {
            eprintln!("Only {} rows are shown; --limit shows more.", self.limit);
        }
        Ok(ExitCode::SUCCESS)
    }
}
