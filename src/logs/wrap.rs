//! Where a line that is too long goes on in the next row: at a blank, and inside a word only when the word alone is
//! longer than a row. The rows are counted here and broken here, so that both say the same.

use super::pieces::Piece;
use crate::model::columns;

/// A longer text goes on anywhere: looking for words in megabytes would stop the page.
const LONGEST: usize = 100_000;

/// How wide a tab is at most; `tab-size` in the style sheet.
const TAB: u32 = 8;

/// Whether a text is broken at words.
fn is_by_words(text: &str) -> bool {
    text.len() <= LONGEST
}

/// Whether the rows of a text are to be made here. The browser makes the same of one that surely fits, and of one that
/// goes on anywhere.
pub(super) fn is_broken_here(text: &str, wrap: u32) -> bool {
    let fits = |line: &str| {
        let is_narrow = line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        is_narrow && u32::try_from(line.len()).is_ok_and(|columns| columns <= wrap)
    };
    is_by_words(text) && !text.split('\n').all(fits)
}

/// How many rows a text takes of so many columns each.
pub(super) fn rows(text: &str, wrap: u32) -> u32 {
    let wrap = wrap.max(1);
    if is_by_words(text) {
        let mut rows = 1;
        visit(text, wrap, |_| rows += 1);
        let lines = text.bytes().filter(|byte| *byte == b'\n').count();
        return rows + u32::try_from(lines).unwrap_or(u32::MAX);
    }
    let line = |line: &str| {
        let columns = u32::try_from(columns(line)).unwrap_or(u32::MAX);
        columns.div_ceil(wrap).max(1)
    };
    text.split('\n').map(line).sum()
}

/// The bytes of a text at which another row begins because the one before is full.
pub(super) fn breaks(text: &str, wrap: u32) -> Vec<usize> {
    let mut found = Vec::new();
    visit(text, wrap.max(1), |at| found.push(at));
    found
}

/// The pieces of a text, cut at each of `breaks`; those between two of them belong to one group.
pub(super) fn groups(pieces: Vec<Piece>, breaks: &[usize]) -> Vec<Vec<Piece>> {
    let mut groups = vec![Vec::new()];
    let mut breaks = breaks.iter().copied().peekable();
    for mut piece in pieces {
        while let Some(at) = breaks.next_if(|at| *at < piece.range.end) {
            if at > piece.range.start {
                let mut before = piece.clone();
                before.range.end = at;
                piece.range.start = at;
                groups.last_mut().expect("there is one").push(before);
            }
            groups.push(Vec::new());
        }
        groups.last_mut().expect("there is one").push(piece);
    }
    groups
}

/// Blanks at the end of a row hang over its edge, where nobody misses them.
fn visit(text: &str, wrap: u32, mut found: impl FnMut(usize)) {
    // Where the row begins, and the last word of it; how many columns are used up to here, and before that word.
    let (mut row, mut word) = (0, 0);
    let (mut used, mut before_word) = (0, 0);
    for (at, letter) in text.char_indices() {
        let after = at + letter.len_utf8();
        match letter {
            '\n' => (row, word, used, before_word) = (after, after, 0, 0),
            ' ' | '\t' => {
                used += if letter == '\t' { TAB } else { 1 };
                (word, before_word) = (after, used);
            }
            _ => {
                let width = if letter < '\u{600}' { 1 } else { 2 };
                if used + width > wrap && word > row {
                    found(word);
                    (row, used, before_word) = (word, used - before_word, 0);
                }
                if used + width > wrap && at > row {
                    found(at);
                    (row, word, used, before_word) = (at, at, 0, 0);
                }
                used += width;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Style;

    fn broken(text: &str, wrap: u32) -> Vec<&str> {
        let mut ends = breaks(text, wrap);
        assert_eq!(
            rows(text, wrap) as usize,
            ends.len() + 1 + text.matches('\n').count(),
            "as many rows are counted as there are"
        );
        ends.push(text.len());
        let mut start = 0;
        ends.into_iter()
            .map(|end| &text[std::mem::replace(&mut start, end)..end])
            .collect()
    }

    #[test]
    fn a_line_goes_on_at_a_word() {
        assert_eq!(broken("the sky is clear", 20), ["the sky is clear"]);
        assert_eq!(broken("the sky is clear", 10), ["the sky is ", "clear"]);
        assert_eq!(broken("the sky is clear", 7), ["the sky ", "is ", "clear"]);
        assert_eq!(
            broken("the sky\nis clear today", 8),
            ["the sky\nis clear ", "today"]
        );
    }

    #[test]
    fn a_word_longer_than_a_row_is_cut_where_the_row_ends() {
        assert_eq!(broken("0123456789", 4), ["0123", "4567", "89"]);
        assert_eq!(broken("ab 0123456789 c", 4), ["ab ", "0123", "4567", "89 c"]);
        assert_eq!(broken("日本語日本語", 4), ["日本", "語日", "本語"]);
        assert_eq!(broken("é", 1), ["é"]);
        assert_eq!(broken("日", 1), ["日"], "a row holds at least one letter");
    }

    #[test]
    fn blanks_hang_over_the_edge_and_begin_no_row() {
        assert_eq!(broken("abcd      ", 4), ["abcd      "]);
        assert_eq!(broken("abcd      ef", 4), ["abcd      ", "ef"]);
        assert_eq!(broken("      ef", 4), ["      ", "ef"]);
        assert_eq!(broken("", 4), [""]);
    }

    #[test]
    fn what_surely_fits_is_left_to_the_browser() {
        for (text, expected) in [
            ("", false),
            ("abcd", false),
            ("ab\ncd", false),
            ("abcde", true),
            ("abc  ", true),
            ("ab\nabcde", true),
            ("a\tb", true),
            ("日", true),
        ] {
            assert_eq!(is_broken_here(text, 4), expected, "{text:?}");
        }
    }

    #[test]
    fn a_text_of_megabytes_goes_on_anywhere() {
        let text = "ab ".repeat(LONGEST);
        assert_eq!(rows(&text, 4) as usize, text.len().div_ceil(4));
    }

    #[test]
    fn pieces_are_cut_where_a_row_ends() {
        let piece = |start: usize, end: usize| Piece {
            range: start..end,
            style: Style::default(),
            link: None,
            is_match: false,
        };
        let found = groups(vec![piece(0, 4), piece(4, 9)], &[2, 4, 6]);
        assert_eq!(
            found,
            [
                vec![piece(0, 2)],
                vec![piece(2, 4)],
                vec![piece(4, 6)],
                vec![piece(6, 9)]
            ]
        );
        assert_eq!(groups(Vec::new(), &[]), [Vec::new()]);
    }
}
