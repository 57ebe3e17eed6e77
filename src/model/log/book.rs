//! The part of a log that is here: one stretch without gaps, growing at both ends.
//!
//! A hundred thousand lines are one vector of small records and one text, so that they take little more room than
//! their letters, and going through all of them takes milliseconds.

use std::ops::Range;
use std::time::Duration;

use flowdeck_vocabulary::{LogId, TaskRunId};

use super::terminal::Styled;
use super::{LogKey, LogLevel, LogLine};
use crate::model::Timestamp;
use crate::sort;

/// A line of a [`Log`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogEntry<'a> {
    /// Its place.
    pub key: LogKey,
    /// How grave it is.
    pub level: LogLevel,
    /// Who wrote it.
    pub logger: &'a str,
    /// What it says, with all that is meant for terminals.
    pub raw: &'a str,
    /// What is read of it.
    pub text: &'a str,
    /// How many lines the text has, at least 1.
    pub lines: u32,
    /// How many columns the widest of them takes.
    pub columns: u32,
    /// The task run that wrote it; `None` is the flow run itself.
    pub task_run_id: Option<TaskRunId>,
}

#[derive(Debug, Clone, Copy)]
struct Record {
    key: LogKey,
    task_run_id: Option<TaskRunId>,
    level: LogLevel,
    logger: u16,
    raw: (u32, u32),
    text: (u32, u32),
    lines: u32,
    columns: u32,
}

/// The lines that are known here: all from the first to the last of them.
#[derive(Debug, Default)]
pub struct Log {
    /// In the order of their keys.
    records: Vec<Record>,
    /// The messages, in the order in which they came.
    letters: String,
    loggers: Vec<String>,
    /// The server has lines before the first one here.
    has_older: bool,
    /// The server has lines after the last one here: then arriving lines are not taken, they would leave a gap.
    has_newer: bool,
    /// Up to where the arrivals are known.
    arrived: Option<Timestamp>,
    /// The last arrival of an answer after which there are others.
    behind: Option<(Timestamp, LogId)>,
    /// Whether the pages of that answer have brought news so far.
    is_news: bool,
    /// How many answers in a row brought no news.
    quiet: u32,
    /// How many lines the server said it has, and what has come since.
    counted: usize,
    /// Counts how often it was opened, or lost lines at one end, so that an answer to an earlier question is not mistaken
    /// for one to the last.
    opening: u32,
}

/// How many columns a text takes in a monospace font, or a few more: the browser never needs more than this.
#[must_use]
pub fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // Beyond the scripts that monospace fonts have, letters may come from other fonts and be as wide as two.
    text.chars().map(|c| if c < '\u{600}' { 1 } else { 2 }).sum()
}

impl Log {
    /// Beyond so many lines no more are fetched by themselves: a tab has only so much memory.
    pub const MOST: usize = 500_000;

    /// So many more are here at most, so that room is made seldom and for many at once.
    const SLACK: usize = 50_000;

    /// Two transactions may become visible in the other order than their times say (not on our server, but on
    /// others). Asking again for the last two seconds misses none of them.
    const OVERLAP: Duration = Duration::from_secs(2);

    /// After this many answers in a row without news, a second or more apart, those two seconds are over for good.
    const SETTLED: u32 = 3;

    /// How many lines are here.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether no line is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many lines there are as far as is known, here and on the server.
    #[must_use]
    pub fn total(&self) -> usize {
        if self.is_whole() {
            self.len()
        } else {
            self.counted.max(self.len())
        }
    }

    /// Whether the server has lines before the first one here.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.has_older
    }

    /// Whether the server has lines after the last one here.
    #[must_use]
    pub fn has_newer(&self) -> bool {
        self.has_newer
    }

    /// Whether it holds as many lines as are fetched by themselves.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len() >= Self::MOST
    }

    /// Whether all lines are here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.has_older && !self.has_newer
    }

    /// Which opening this is.
    #[must_use]
    pub fn opening(&self) -> u32 {
        self.opening
    }

    /// The place of the first line.
    #[must_use]
    pub fn first(&self) -> Option<LogKey> {
        self.records.first().map(|record| record.key)
    }

    /// The place of the last line.
    #[must_use]
    pub fn last(&self) -> Option<LogKey> {
        self.records.last().map(|record| record.key)
    }

    /// All loggers of the lines that are or were here.
    #[must_use]
    pub fn loggers(&self) -> &[String] {
        &self.loggers
    }

    /// A line by its number, counted from the first one here.
    ///
    /// # Panics
    /// When there is no such line.
    #[must_use]
    pub fn entry(&self, index: usize) -> LogEntry<'_> {
        let record = &self.records[index];
        LogEntry {
            key: record.key,
            level: record.level,
            logger: &self.loggers[usize::from(record.logger)],
            raw: self.slice(record.raw),
            text: self.slice(record.text),
            lines: record.lines,
            columns: record.columns,
            task_run_id: record.task_run_id,
        }
    }

    /// The numbers of some lines, from the first that is not before `from` to the last that is not after `to`.
    #[must_use]
    pub fn between(&self, from: LogKey, to: LogKey) -> Range<usize> {
        let end = self.records.partition_point(|record| record.key <= to);
        self.place(from).min(end)..end
    }

    /// The number of the line at a place, or of the first one after it.
    #[must_use]
    pub fn place(&self, key: LogKey) -> usize {
        self.records.partition_point(|record| record.key < key)
    }

    /// The number of a line.
    #[must_use]
    pub fn find(&self, id: LogId) -> Option<usize> {
        self.records.iter().position(|record| record.key.id == id)
    }

    fn knows(&self, key: LogKey) -> bool {
        self.records
            .get(self.place(key))
            .is_some_and(|record| record.key == key)
    }

    /// Whether a line belongs to this part and is not here.
    fn lacks(&self, key: LogKey) -> bool {
        !self.knows(key) && (!self.has_older || self.first().is_none_or(|first| key > first))
    }

    fn slice(&self, (start, length): (u32, u32)) -> &str {
        &self.letters[start as usize..(start + length) as usize]
    }

    /// From which arrival on to ask for more. Once all is quiet it lies behind the last one, so that a log whose end
    /// was written in one burst does not bring it with every poll. `None` while nothing has arrived.
    #[must_use]
    pub fn cursor(&self) -> Option<Timestamp> {
        self.arrived.map(|last| {
            if self.quiet < Self::SETTLED {
                last.before(Self::OVERLAP)
            } else {
                last.after(Duration::from_micros(1))
            }
        })
    }

    /// After which arrival the page goes on that was taken last, when there is more of that answer.
    #[must_use]
    pub fn behind(&self) -> Option<(Timestamp, LogId)> {
        self.behind
    }

    /// Begins anew with these lines, in any order. `counted` and `arrived` are the server's: how many lines it has,
    /// and when the last of all arrived. Who asks for the arrivals since then misses none, whichever part this is.
    pub fn open(
        &mut self,
        lines: Vec<LogLine>,
        (has_older, has_newer): (bool, bool),
        counted: usize,
        arrived: Option<Timestamp>,
    ) {
        *self = Self {
            has_older,
            has_newer,
            counted,
            arrived,
            opening: self.opening.wrapping_add(1),
            ..Self::default()
        };
        self.take(lines);
    }

    /// Adds lines from right before the first one here; `more` says whether there are even older ones.
    pub fn add_older(&mut self, lines: Vec<LogLine>, more: bool) {
        self.take(lines);
        self.has_older = more;
    }

    /// Adds lines from right after the last one here; `more` says whether there are even newer ones.
    pub fn add_newer(&mut self, lines: Vec<LogLine>, more: bool) {
        self.take(lines);
        self.has_newer = more;
    }

    /// Adds a page of what has arrived at the server, in the order of arrival, and answers whether anything of it is new
    /// here; `more` says whether there are others after it. Lines from before the first one here are left to
    /// [`Log::add_older`], which begins where this part ends.
    pub fn arrive(&mut self, mut lines: Vec<LogLine>, more: bool) -> bool {
        if self.has_newer {
            return false;
        }
        let last = lines.last().map(|line| (line.arrived_at, line.key.id));
        self.behind = last.filter(|_| more);
        self.arrived = self.arrived.max(lines.iter().map(|line| line.arrived_at).max());
        lines.retain(|line| self.lacks(line.key));
        let before = self.len();
        self.take(lines);
        let news = self.len() - before;
        self.counted += news;
        self.is_news |= news > 0;
        if self.is_news {
            self.quiet = 0;
        } else if !more {
            self.quiet = self.quiet.saturating_add(1);
        }
        self.is_news &= more;
        news > 0
    }

    /// When there are too many lines, forgets those at the end that is farther from the line that is `read`; `None` is
    /// the last one. They can be fetched again like any others that are not here.
    pub fn make_room(&mut self, read: Option<LogKey>) {
        if self.len() > Self::MOST + Self::SLACK {
            self.keep(Self::MOST, read);
        }
    }

    fn keep(&mut self, most: usize, read: Option<LogKey>) {
        let all = self.len();
        let is_at_end = read.is_none_or(|key| self.place(key) >= all / 2);
        let kept = if is_at_end {
            all.saturating_sub(most)..all
        } else {
            0..most.min(all)
        };
        self.counted = self.counted.max(all);
        self.has_older |= is_at_end;
        self.has_newer |= !is_at_end;
        if self.has_newer {
            self.behind = None;
        }
        self.opening = self.opening.wrapping_add(1);
        let letters = std::mem::take(&mut self.letters);
        let part = |(start, length): (u32, u32)| &letters[start as usize..(start + length) as usize];
        for record in std::mem::take(&mut self.records).drain(kept) {
            let raw = self.write(part(record.raw));
            let text = if record.text.0 == record.raw.0 {
                (raw.0, record.text.1)
            } else {
                self.write(part(record.text))
            };
            self.records.push(Record { raw, text, ..record });
        }
    }

    /// Takes those that are not here yet.
    fn take(&mut self, mut lines: Vec<LogLine>) {
        sort::by(&mut lines, |a, b| a.key.cmp(&b.key));
        lines.dedup_by_key(|line| line.key);
        lines.retain(|line| !self.knows(line.key));
        let Some(first) = lines.first().map(|line| line.key) else {
            return;
        };
        let mut after = self.records.split_off(self.place(first)).into_iter().peekable();
        for line in &lines {
            while let Some(before) = after.next_if(|record| record.key < line.key) {
                self.records.push(before);
            }
            let record = self.record(line);
            self.records.push(record);
        }
        self.records.extend(after);
    }

    fn record(&mut self, line: &LogLine) -> Record {
        let raw = self.write(&line.message);
        let read = if Styled::is_plain(&line.message) {
            raw
        } else {
            self.write(&Styled::read(&line.message, false).text)
        };
        // A line feed at the end would show as an empty line.
        let shown = self.slice(read).trim_end_matches('\n');
        let text = (read.0, u32::try_from(shown.len()).unwrap_or(u32::MAX));
        let (mut lines, mut widest) = (0, 0);
        for part in shown.split('\n') {
            lines += 1;
            widest = widest.max(columns(part));
        }
        Record {
            key: line.key,
            task_run_id: line.task_run_id,
            level: line.level,
            logger: self.logger(&line.logger),
            raw,
            text,
            lines,
            columns: u32::try_from(widest).unwrap_or(u32::MAX),
        }
    }

    fn write(&mut self, text: &str) -> (u32, u32) {
        let whole = |size: usize| u32::try_from(size).expect("a browser's memory has 32 bits");
        let start = whole(self.letters.len());
        self.letters.push_str(text);
        (start, whole(self.letters.len()) - start)
    }

    /// The number of a logger. Nobody has 65,535 of them; if so, the rest go by the last one's name.
    fn logger(&mut self, name: &str) -> u16 {
        let known = self.loggers.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            if self.loggers.len() < usize::from(u16::MAX) {
                self.loggers.push(name.to_owned());
            }
            self.loggers.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: usize) -> Timestamp {
        Timestamp::parse("2026-11-23T14:00:00Z")
            .unwrap()
            .after(Duration::from_secs(second as u64))
    }

    /// A line whose message is its letter.
    fn line(letter: char, second: usize, arrived: usize) -> LogLine {
        let id = format!("00000000-0000-4000-8000-{:012x}", u32::from(letter));
        LogLine {
            key: LogKey {
                at: at(second),
                id: id.parse().unwrap(),
            },
            arrived_at: at(arrived),
            level: LogLevel::Info,
            logger: "flow".to_owned(),
            message: letter.to_string(),
            task_run_id: None,
        }
    }

    fn read(log: &Log) -> String {
        (0..log.len()).map(|index| log.entry(index).text).collect()
    }

    fn opened(lines: Vec<LogLine>, has_older: bool, has_newer: bool) -> Log {
        let mut log = Log::default();
        log.open(lines, (has_older, has_newer), 9, Some(at(30)));
        log
    }

    #[test]
    fn lines_that_come_twice_are_here_once_and_late_ones_in_their_place() {
        let mut log = opened(vec![line('a', 1, 5), line('c', 3, 5)], false, false);
        let late = vec![
            line('c', 3, 5),
            line('d', 9, 40),
            line('b', 2, 41),
            line('d', 9, 40),
        ];
        assert!(log.arrive(late, false));
        assert_eq!(read(&log), "abcd");
        assert!(!log.arrive(vec![line('a', 1, 5)], false));
        assert_eq!(log.total(), 4);
    }

    #[test]
    fn lines_of_one_moment_are_ordered_by_id_as_the_server_pages_them() {
        let mut log = opened(vec![line('b', 1, 1)], false, false);
        log.arrive(vec![line('c', 1, 1), line('a', 1, 1)], false);
        assert_eq!(read(&log), "abc");
    }

    #[test]
    fn older_pages_go_before_and_a_late_line_from_before_them_waits_for_its_page() {
        let mut log = opened(vec![line('e', 5, 5), line('f', 6, 6)], true, false);
        assert!(
            !log.arrive(vec![line('b', 2, 31)], false),
            "it would leave a gap before e"
        );
        log.add_older(vec![line('d', 4, 4), line('c', 3, 3)], true);
        assert_eq!(read(&log), "cdef");
        log.add_older(vec![line('b', 2, 31), line('a', 1, 1)], false);
        assert_eq!(read(&log), "abcdef");
        assert!(log.is_whole());
    }

    #[test]
    fn away_from_the_end_nothing_arrives_until_the_end_is_here() {
        let mut log = opened(vec![line('b', 2, 2), line('c', 3, 3)], false, true);
        assert!(!log.arrive(vec![line('z', 26, 31)], false));
        log.add_newer(vec![line('d', 4, 4)], false);
        assert_eq!(
            log.cursor(),
            Some(at(28)),
            "all that has come since it was opened"
        );
        assert!(log.arrive(vec![line('z', 26, 31), line('a', 1, 31)], false));
        assert_eq!(read(&log), "abcdz");
    }

    #[test]
    fn the_cursor_follows_arrival_and_passes_the_last_burst_once_all_is_quiet() {
        let mut log = opened(vec![line('a', 20, 25)], false, false);
        assert_eq!(log.cursor(), Some(at(28)));
        log.arrive(vec![line('b', 1, 35)], false);
        assert_eq!(log.cursor(), Some(at(33)));
        for _ in 0..3 {
            assert!(!log.arrive(vec![line('b', 1, 35)], false));
        }
        assert_eq!(log.cursor(), Some(at(35).after(Duration::from_micros(1))));
        log.arrive(vec![line('c', 2, 36)], false);
        assert_eq!(log.cursor(), Some(at(34)));
        assert_eq!(Log::default().cursor(), None);
    }

    #[test]
    fn an_answer_in_pages_is_kept_page_by_page_and_is_quiet_only_as_a_whole() {
        let mut log = opened(vec![line('a', 20, 25)], false, false);
        assert_eq!(log.behind(), None);
        assert!(log.arrive(vec![line('b', 21, 31), line('c', 22, 32)], true));
        assert_eq!(read(&log), "abc", "whatever becomes of the next page");
        assert_eq!(log.behind(), Some((at(32), line('c', 22, 32).key.id)));
        assert!(!log.arrive(vec![line('c', 22, 33)], false));
        assert_eq!((log.behind(), log.cursor()), (None, Some(at(31))));
        // Pages without news are one answer without news, not several.
        for _ in 0..2 {
            for more in [true, true, false] {
                log.arrive(vec![line('c', 22, 33)], more);
            }
        }
        assert_eq!(log.cursor(), Some(at(31)));
        log.arrive(vec![line('c', 22, 33)], false);
        assert_eq!(log.cursor(), Some(at(33).after(Duration::from_micros(1))));
    }

    #[test]
    fn what_is_too_much_goes_at_the_end_that_is_farther_from_where_one_reads() {
        let lines = || {
            let mut lines: Vec<LogLine> = "abcdef".chars().zip(1..).map(|(c, s)| line(c, s, s)).collect();
            lines[3].message = "\x1b[31md\x1b[0m".to_owned();
            lines
        };
        let mut log = opened(lines(), false, false);
        log.arrive(lines(), true);
        log.keep(4, None);
        assert_eq!((read(&log), log.total()), ("cdef".to_owned(), 9));
        assert!(log.entry(1).raw.starts_with('\x1b'));
        assert!(log.has_older() && !log.has_newer() && log.behind().is_some());
        assert_eq!(
            log.opening(),
            2,
            "an older page that is on its way would leave a gap"
        );
        assert!(
            !log.arrive(vec![line('b', 2, 31)], false),
            "it is fetched with the older ones"
        );
        log.add_older(vec![line('a', 1, 1), line('b', 2, 2)], false);
        assert_eq!(read(&log), "abcdef");
        assert!(log.is_whole());

        log.arrive(lines(), true);
        log.keep(4, Some(line('b', 2, 2).key));
        assert_eq!(read(&log), "abcd");
        assert!(!log.has_older() && log.has_newer());
        assert_eq!(log.behind(), None, "nothing is taken while the end is not here");
        assert!(!log.arrive(vec![line('z', 26, 31)], false));
        log.add_newer(vec![line('e', 5, 5), line('f', 6, 6)], false);
        assert_eq!(read(&log), "abcdef");
        log.make_room(None);
        assert_eq!(log.len(), 6, "six are not too many");
    }

    #[test]
    fn what_is_read_has_no_codes_and_its_size_is_known() {
        let mut coloured = line('a', 1, 1);
        coloured.message = "\x1b[31mred\x1b[0m\n日本".to_owned();
        let log = opened(vec![coloured], false, false);
        let entry = log.entry(0);
        assert_eq!(entry.text, "red\n日本");
        assert!(entry.raw.starts_with('\x1b'));
        assert_eq!((entry.lines, entry.columns), (2, 4));
    }

    #[test]
    fn places() {
        let log = opened(
            "abc".chars().zip(1..).map(|(c, s)| line(c, s, s)).collect(),
            false,
            false,
        );
        let key = |letter, second| line(letter, second, 0).key;
        assert_eq!(log.between(key('a', 1), key('b', 2)), 0..2);
        assert_eq!(log.between(key('x', 2), key('y', 2)), 2..2);
        assert_eq!(log.find(key('c', 3).id), Some(2));
        assert_eq!(log.find(key('q', 3).id), None);
    }
}
