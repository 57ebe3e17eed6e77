//! A text as a row of pieces that each look and lead the same all over.

use std::ops::Range;

use crate::model::Style;

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Which bytes.
    pub range: Range<usize>,
    /// How it looks.
    pub style: Style,
    /// The whole address that it is a part of.
    pub link: Option<Range<usize>>,
    /// Whether it is searched for.
    pub is_match: bool,
}

/// Of so many pieces at most; the rest of the text is the last of them. A text of nothing but colours shall not fill
/// the page with elements.
const MOST: usize = 2_000;

/// The pieces of a part of a text. All lists are in order, and nothing in them overlaps.
pub(super) fn pieces(
    part: Range<usize>,
    styles: &[(usize, Style)],
    links: &[Range<usize>],
    matches: &[Range<usize>],
) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let (mut styles, mut links, mut matches) = (styles, links, matches);
    let mut style = Style::default();
    let mut at = part.start;
    while at < part.end {
        while let Some(((start, next), rest)) = styles.split_first()
            && *start <= at
        {
            (style, styles) = (*next, rest);
        }
        links = after(links, at);
        matches = after(matches, at);
        let mut end = part.end;
        if let Some((start, _)) = styles.first() {
            end = end.min(*start);
        }
        let mut within = |ranges: &[Range<usize>]| {
            let next = ranges.first()?;
            let is_in = next.start <= at;
            end = end.min(if is_in { next.end } else { next.start });
            is_in.then(|| next.clone())
        };
        let (link, is_match) = (within(links), within(matches).is_some());
        if found.len() + 1 == MOST {
            end = part.end;
        }
        found.push(Piece {
            range: at..end,
            style,
            link,
            is_match,
        });
        at = end;
    }
    found
}

/// Those that end after a place.
fn after(ranges: &[Range<usize>], at: usize) -> &[Range<usize>] {
    &ranges[ranges.partition_point(|range| range.end <= at)..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Hue;

    fn red() -> Style {
        Style {
            ink: Some(Hue::Red),
            ..Style::default()
        }
    }

    #[test]
    fn every_change_begins_a_piece_and_nothing_is_lost() {
        let found = pieces(
            0..20,
            &[(3, red()), (9, Style::default())],
            std::slice::from_ref(&(5..15)),
            &[1..4, 8..10],
        );
        let ends: Vec<usize> = found.iter().map(|piece| piece.range.end).collect();
        assert_eq!(ends, [1, 3, 4, 5, 8, 9, 10, 15, 20]);
        assert!(
            found
                .windows(2)
                .all(|pair| pair[0].range.end == pair[1].range.start)
        );
        let dressed: Vec<usize> = found
            .iter()
            .filter(|piece| piece.style == red())
            .map(|piece| piece.range.start)
            .collect();
        assert_eq!(dressed, [3, 4, 5, 8]);
        assert_eq!(found.iter().filter(|piece| piece.is_match).count(), 4);
        assert!(
            found
                .iter()
                .all(|piece| piece.link.is_some() == (5..15).contains(&piece.range.start))
        );
    }

    #[test]
    fn a_part_in_the_middle_has_the_looks_that_began_before_it() {
        let found = pieces(4..6, &[(0, red())], &[], std::slice::from_ref(&(0..5)));
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].style, found[0].is_match), (red(), true));
        assert_eq!((found[1].range.clone(), found[1].is_match), (5..6, false));
        assert_eq!(pieces(3..3, &[], &[], &[]), []);
    }

    #[test]
    fn a_text_of_nothing_but_changes_is_cut_into_no_more_than_some() {
        let matches: Vec<Range<usize>> = (0..9_000).map(|at| 2 * at..2 * at + 1).collect();
        let found = pieces(0..18_000, &[], &[], &matches);
        assert_eq!(found.len(), MOST);
        assert_eq!(found.last().map(|piece| piece.range.end), Some(18_000));
    }
}
