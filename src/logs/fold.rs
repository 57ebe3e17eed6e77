//! How much of an entry is shown and how many rows that takes. All rows are of one height, so that the place of each
//! entry among a hundred thousand is known without drawing any.

use std::ops::Range;

use super::wrap;
use crate::model::{LogEntry, Styled};

/// An entry of more lines than this is folded ...
const LINES: u32 = 12;
/// ... to so many at its beginning, and as many at its end, where a traceback says what was wrong.
const KEPT: usize = 4;
/// An entry of more bytes than this is folded, too; either end keeps at most half of them.
const BYTES: usize = 8_000;

/// An entry that is too long to be shown as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fold {
    /// The bytes before the fold.
    pub head: Range<usize>,
    /// The bytes after it.
    pub tail: Range<usize>,
    /// How many lines it hides; 0 when it hides a part of one.
    pub lines: usize,
}

impl Fold {
    /// How an entry is folded; `None` when all of it is shown.
    pub(super) fn of(entry: &LogEntry<'_>) -> Option<Self> {
        let text = entry.text;
        if entry.lines <= LINES && text.len() <= BYTES {
            return None;
        }
        let lines = usize::try_from(entry.lines).unwrap_or(usize::MAX);
        let is_tall = entry.lines > LINES;
        let (mut head, mut tail) = if is_tall {
            let head = text
                .match_indices('\n')
                .nth(KEPT - 1)
                .map_or(text.len(), |(at, _)| at);
            let tail = text
                .rmatch_indices('\n')
                .nth(KEPT - 1)
                .map_or(0, |(at, _)| at + 1);
            (head, tail)
        } else {
            (text.len(), 0)
        };
        // Backward for the beginning and forward for the end, to where a letter begins.
        head = head.min(BYTES / 2);
        while !text.is_char_boundary(head) {
            head -= 1;
        }
        tail = tail.max(text.len().saturating_sub(BYTES / 2));
        while !text.is_char_boundary(tail) {
            tail += 1;
        }
        Some(Self {
            head: 0..head,
            tail: tail..text.len(),
            lines: if is_tall { lines - 2 * KEPT } else { 0 },
        })
    }
}

/// What decides how many rows an entry takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// After how many columns a line goes on in the next row; `None` when it does not.
    pub wrap: Option<u32>,
    /// How many rows stand above the text: one where time and level have no room beside it.
    pub above: u32,
}

impl Shape {
    /// How many rows an entry takes, at least 1.
    pub(super) fn rows(self, entry: &LogEntry<'_>, is_unfolded: bool) -> u32 {
        let text = if is_unfolded {
            self.text_rows(&unfolded(entry).text)
        } else if let Some(fold) = Fold::of(entry) {
            let (head, tail) = (&entry.text[fold.head], &entry.text[fold.tail]);
            self.text_rows(head) + 1 + self.text_rows(tail)
        } else if entry.lines == 1 && self.wrap.is_none_or(|wrap| entry.columns <= wrap) {
            // Most lines: known without looking at them.
            1
        } else {
            self.text_rows(entry.text)
        };
        text + self.above
    }

    fn text_rows(self, text: &str) -> u32 {
        match self.wrap {
            Some(wrap) => wrap::rows(text, wrap),
            None => u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX),
        }
    }
}

/// All of an entry, with every state of a progress.
pub(super) fn unfolded(entry: &LogEntry<'_>) -> Styled {
    let mut read = Styled::read(entry.raw, true);
    read.text.truncate(read.text.trim_end_matches('\n').len());
    read
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Log, LogKey, LogLevel, LogLine, Timestamp};

    /// A log of these messages, a second apart.
    pub(crate) fn log_of(messages: &[&str]) -> Log {
        let start = Timestamp::parse("2026-11-23T14:00:00Z").unwrap();
        let lines = messages.iter().enumerate().map(|(index, message)| LogLine {
            key: LogKey {
                at: start.after(std::time::Duration::from_secs(index as u64)),
                id: format!("00000000-0000-4000-8000-{index:012x}").parse().unwrap(),
            },
            arrived_at: start,
            level: LogLevel::Info,
            logger: "flow".to_owned(),
            message: (*message).to_owned(),
            task_run_id: None,
        });
        let mut log = Log::default();
        log.open(lines.collect(), (false, false), messages.len(), None);
        log
    }

    fn rows(message: &str, wrap: Option<u32>) -> u32 {
        let shape = Shape { wrap, above: 0 };
        shape.rows(&log_of(&[message]).entry(0), false)
    }

    #[test]
    fn a_row_for_each_line_and_for_each_that_does_not_fit() {
        assert_eq!(rows("", Some(10)), 1);
        assert_eq!(rows("0123456789", Some(10)), 1);
        assert_eq!(rows("0123456789a", Some(10)), 2);
        assert_eq!(rows("0123456789a\n\nb", Some(10)), 4);
        assert_eq!(rows("0123456789a\n\nb", None), 3);
        assert_eq!(rows("日本語日本", Some(10)), 1);
        assert_eq!(rows("日本語日本語", Some(10)), 2);
        assert_eq!(rows("\x1b[31m0123456789\x1b[0m\n", Some(10)), 1);
        assert_eq!(rows("x", Some(0)), 1);
    }

    #[test]
    fn what_is_tall_keeps_both_ends() {
        let text: Vec<String> = (1..=40).map(|n| format!("line {n}")).collect();
        let text = text.join("\n");
        let log = log_of(&[&text]);
        let fold = Fold::of(&log.entry(0)).unwrap();
        assert_eq!(&text[fold.head.clone()], "line 1\nline 2\nline 3\nline 4");
        assert_eq!(&text[fold.tail.clone()], "line 37\nline 38\nline 39\nline 40");
        assert_eq!(fold.lines, 32);
        assert_eq!(rows(&text, None), 9);
        let shape = Shape { wrap: None, above: 1 };
        assert_eq!(shape.rows(&log.entry(0), true), 41);
        assert_eq!(Fold::of(&log_of(&["a\nb"]).entry(0)), None);
    }

    #[test]
    fn what_is_long_is_cut_between_letters() {
        for text in ["é".repeat(9_000), format!("x{}", "日".repeat(9_000))] {
            let log = log_of(&[&text]);
            let fold = Fold::of(&log.entry(0)).unwrap();
            assert!(fold.head.end <= BYTES / 2 && text.is_char_boundary(fold.head.end));
            assert!(fold.tail.len() <= BYTES / 2 && text.is_char_boundary(fold.tail.start));
            assert_eq!(fold.lines, 0);
        }
        let tall = vec!["y".repeat(9_000); 20].join("\n");
        let fold = Fold::of(&log_of(&[&tall]).entry(0)).unwrap();
        assert!(fold.head.len() <= BYTES / 2 && fold.tail.len() <= BYTES / 2);
        assert_eq!(fold.lines, 12);
    }

    #[test]
    fn a_progress_unfolds_to_its_states() {
        let log = log_of(&["1%\r2%\r3%\n"]);
        assert_eq!(log.entry(0).text, "3%");
        assert_eq!(unfolded(&log.entry(0)).text, "1%\n2%\n3%");
        assert_eq!(Shape::default().rows(&log.entry(0), true), 3);
    }
}
