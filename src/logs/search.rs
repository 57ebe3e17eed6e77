//! Finding a text in many: plain letters, no matter whether capital or small in ASCII.

use std::ops::Range;

/// What is searched for, prepared. Each step of a search skips as far as the letter under its end allows (Horspool),
/// so that long needles are found in less time than reading the hay takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Needle {
    letters: Vec<u8>,
    skips: [u8; 256],
}

impl Needle {
    /// `None` for nothing.
    pub(super) fn new(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let letters = text.to_ascii_lowercase().into_bytes();
        let last = letters.len() - 1;
        let mut skips = [short(letters.len()); 256];
        for (index, letter) in letters[..last].iter().enumerate() {
            let skip = short(last - index);
            skips[usize::from(*letter)] = skip;
            skips[usize::from(letter.to_ascii_uppercase())] = skip;
        }
        Some(Self { letters, skips })
    }

    fn find(&self, hay: &[u8], from: usize) -> Option<usize> {
        let (last, before) = self.letters.split_last()?;
        let mut at = from + before.len();
        while let Some(letter) = hay.get(at) {
            let start = at - before.len();
            if letter.to_ascii_lowercase() == *last && hay[start..at].eq_ignore_ascii_case(before) {
                return Some(start);
            }
            at += usize::from(self.skips[usize::from(*letter)]);
        }
        None
    }

    /// Whether a text holds it.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.find(text.as_bytes(), 0).is_some()
    }

    /// Where a text holds it, in bytes; what overlaps counts once.
    pub(super) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        // UTF-8 of a text is found in UTF-8 only where its letters begin and end.
        while let Some(start) = self.find(text.as_bytes(), from) {
            from = start + self.letters.len();
            found.push(start..from);
        }
        found
    }
}

fn short(skip: usize) -> u8 {
    u8::try_from(skip).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(needle: &str, hay: &str) -> Vec<(usize, usize)> {
        let found = Needle::new(needle).map_or_else(Vec::new, |needle| needle.ranges(hay));
        found.into_iter().map(|range| (range.start, range.end)).collect()
    }

    #[test]
    fn capitals_do_not_matter_and_each_place_is_found() {
        assert_eq!(ranges("err", "Error: ERR, terr"), [(0, 3), (7, 10), (13, 16)]);
        assert_eq!(ranges("ERR", "error"), [(0, 3)]);
        assert_eq!(ranges("aa", "aaaaa"), [(0, 2), (2, 4)]);
        assert_eq!(ranges("x", "x"), [(0, 1)]);
        assert!(ranges("long", "lon").is_empty());
        assert!(Needle::new("").is_none());
    }

    #[test]
    fn other_alphabets_are_found_as_they_are_written() {
        assert_eq!(ranges("größe", "Die GRÖßE und die größe"), [(20, 27)]);
        assert_eq!(ranges("日", "一日一日"), [(3, 6), (9, 12)]);
    }

    #[test]
    fn it_finds_what_reading_letter_by_letter_finds() {
        // Every needle of up to four letters of two, in a hay that holds them in many ways.
        let hay: String = (0..400_u32)
            .map(|n| if n * n % 7 < 3 { 'a' } else { 'B' })
            .collect();
        for length in 1..=4 {
            for bits in 0..1_u32 << length {
                let needle: String = (0..length)
                    .map(|bit| if bits >> bit & 1 == 0 { 'A' } else { 'b' })
                    .collect();
                let folded = (hay.to_lowercase(), needle.to_lowercase());
                assert_eq!(
                    Needle::new(&needle).unwrap().find(hay.as_bytes(), 0),
                    folded.0.find(&folded.1),
                    "{needle}"
                );
            }
        }
        let long = "n".repeat(700);
        assert!(
            Needle::new(&long)
                .unwrap()
                .is_in(&format!("{}m{long}", &long[1..]))
        );
    }
}
