//! Lines as a file: text, JSON lines or CSV.

use serde_json::json;

use crate::model::{LogKey, LogLevel, wire_text};

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// As on screen.
    Text,
    /// A JSON object in each line.
    JsonLines,
    /// A table.
    Csv,
}

impl Format {
    pub(super) const ALL: [Self; 3] = [Self::Text, Self::JsonLines, Self::Csv];

    /// The words for it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::JsonLines => "JSON lines",
            Self::Csv => "CSV",
        }
    }

    /// How the file's name ends, and what a browser calls it.
    pub(super) fn file_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("log", "text/plain;charset=utf-8"),
            Self::JsonLines => ("jsonl", "application/jsonl;charset=utf-8"),
            Self::Csv => ("csv", "text/csv;charset=utf-8"),
        }
    }

    /// What stands before the first line.
    pub(super) fn head(self) -> &'static str {
        match self {
            Self::Csv => "timestamp,level,logger,task,task_run_id,message\r\n",
            Self::Text | Self::JsonLines => "",
        }
    }
}

/// What is written of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    pub key: LogKey,
    pub level: LogLevel,
    pub logger: &'a str,
    /// The task run's name, empty when there is none.
    pub task: &'a str,
    /// The task run's id, empty when there is none.
    pub task_run_id: &'a str,
    /// What is read of the message.
    pub text: &'a str,
    /// The message as it was written.
    pub raw: &'a str,
}

/// Adds a line to a file.
pub(super) fn write(format: Format, line: Written<'_>, out: &mut String) {
    let (time, level) = (wire_text(line.key.at), line.level.name().to_ascii_uppercase());
    match format {
        Format::Text => {
            let source = if line.task.is_empty() {
                line.logger
            } else {
                line.task
            };
            for part in [&time, " ", &level, " ", source, ": ", line.text, "\n"] {
                out.push_str(part);
            }
        }
        Format::JsonLines => {
            let object = json!({
                "id": line.key.id.to_string(),
                "timestamp": time,
                "level": level,
                "logger": line.logger,
                "task": Some(line.task).filter(|task| !task.is_empty()),
                "task_run_id": Some(line.task_run_id).filter(|id| !id.is_empty()),
                "message": line.raw,
            });
            out.push_str(&crate::json::compact(&object));
            out.push('\n');
        }
        Format::Csv => {
            let cells = [&time, &level, line.logger, line.task, line.task_run_id, line.raw];
            for (index, cell) in cells.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_cell(cell, out);
            }
            out.push_str("\r\n");
        }
    }
}

/// A cell of a table. A spreadsheet takes what begins with one of some signs for a formula and runs it: an apostrophe
/// before it makes it text.
fn push_cell(text: &str, out: &mut String) {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if !is_formula && !text.contains(['"', ',', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if is_formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn written(format: Format, text: &str) -> String {
        let mut out = String::new();
        let line = Written {
            key: LogKey {
                at: Timestamp::parse("2026-11-23T14:00:00.5Z").unwrap(),
                id: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            },
            level: LogLevel::Warning,
            logger: "prefect.flow",
            task: "",
            task_run_id: "",
            text,
            raw: text,
        };
        write(format, line, &mut out);
        out
    }

    #[test]
    fn a_line_of_text_is_one_to_read() {
        assert_eq!(
            written(Format::Text, "careful"),
            "2026-11-23T14:00:00.500000+00:00 WARNING prefect.flow: careful\n"
        );
    }

    #[test]
    fn a_line_of_json_reads_back() {
        let out = written(Format::JsonLines, "a\n\"b\"\x1b");
        assert_eq!(out.matches('\n').count(), 1);
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read["message"], "a\n\"b\"\x1b");
        assert_eq!(read["task"], serde_json::Value::Null);
    }

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        let cell = |text: &str| {
            let out = written(Format::Csv, text);
            let (_, rest) = out.split_once("prefect.flow,,,").unwrap();
            rest.trim_end_matches("\r\n").to_owned()
        };
        assert_eq!(cell("plain - text"), "plain - text");
        assert_eq!(cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"] {
            assert_eq!(cell(text), format!("\"'{text}\""), "{text:?}");
        }
        assert_eq!(
            Format::Csv.head().matches(',').count(),
            written(Format::Csv, "x").matches(',').count()
        );
    }
}
