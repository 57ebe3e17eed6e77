//! Colours and harmless text for the terminal.

use std::io::IsTerminal;

use flowdeck_vocabulary::{StateGroup, StateType};

/// Whether to colour what goes to standard output: only on a terminal, and not where `NO_COLOR` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(bool);

impl Ink {
    /// For standard output as it is now.
    pub fn of_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(std::io::stdout().is_terminal() && !unwanted)
    }

    /// No colours.
    #[cfg(test)]
    pub fn none() -> Self {
        Self(false)
    }

    /// The text in bold.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// The text paler than the rest.
    pub fn faint(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// The name of a state in the colour of its group; text that names no state gets no colour, and is made harmless.
    pub fn state(self, text: &str) -> String {
        let Ok(state) = text.parse::<StateType>() else {
            return harmless(text, false);
        };
        let code = match state.group() {
            StateGroup::Failed => "31",
            StateGroup::Running => "34",
            StateGroup::Success => "32",
            StateGroup::Cancelled => "90",
            StateGroup::Pending => "33",
        };
        self.wrap(code, text)
    }

    /// The name of a log level in its colour.
    pub fn level(self, text: &str) -> String {
        match text.trim() {
            "ERROR" | "CRITICAL" => self.wrap("31", text),
            "WARNING" => self.wrap("33", text),
            "DEBUG" => self.faint(text),
            _ => text.to_owned(),
        }
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Text of the server's without what would drive the terminal: control characters become `·`. Line breaks
/// stay where `lines` is true and become `⏎` where a value has to stay in one line.
pub fn harmless(text: &str, lines: bool) -> String {
    text.trim_end()
        .chars()
        .map(|c| match c {
            '\n' if lines => '\n',
            '\n' => '⏎',
            '\t' => ' ',
            c if c.is_control() => '·',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\nc\n", false), "a·[2Jb⏎c");
        assert_eq!(harmless("a\nb", true), "a\nb");
    }

    #[test]
    fn states_are_coloured_by_their_group() {
        assert_eq!(Ink(true).state("TimedOut"), "\x1b[31mTimedOut\x1b[0m");
        assert_eq!(Ink(true).state("Nonsense"), "Nonsense");
        assert_eq!(Ink(false).state("TimedOut"), "TimedOut");
    }
}
