//! Quotes in a filter: what stands between two of them is text, whatever it looks like. In there a backslash takes the
//! letter after it as it is, so that a quote can be written, too; outside it is a letter like any other.

/// What a letter of a filter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Stands outside quotes: it may mean something.
    Plain,
    /// Stands in quotes: it is text.
    Quoted,
    /// A quote, or the backslash before a letter that is taken as it is: it is not part of the text.
    Mark,
}

/// The letters of a text, each with where it is in bytes.
fn letters(text: &str) -> impl Iterator<Item = (usize, char, Part)> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.char_indices().map(move |(at, letter)| {
        let part = match letter {
            _ if is_escaped => {
                is_escaped = false;
                Part::Quoted
            }
            '"' => {
                is_quoted = !is_quoted;
                Part::Mark
            }
            '\\' if is_quoted => {
                is_escaped = true;
                Part::Mark
            }
            _ if is_quoted => Part::Quoted,
            _ => Part::Plain,
        };
        (at, letter, part)
    })
}

/// The words of a text with where they begin; quotes hold spaces together.
pub(in crate::model) fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter, part) in letters(text) {
        if letter.is_whitespace() && part == Part::Plain {
            words.extend(start.take().map(|start| (start, &text[start..at])));
        } else {
            start.get_or_insert(at);
        }
    }
    words.extend(start.map(|start| (start, &text[start..])));
    words.into_iter()
}

/// Whether every quote in it has its second one.
pub(super) fn is_closed(text: &str) -> bool {
    let marks = letters(text).filter(|(_, letter, part)| *letter == '"' && *part == Part::Mark);
    marks.count().is_multiple_of(2)
}

/// Where the first letter like this stands that is not quoted.
pub(super) fn find(text: &str, wanted: char) -> Option<usize> {
    letters(text)
        .find(|(_, letter, part)| *letter == wanted && *part == Part::Plain)
        .map(|(at, ..)| at)
}

/// Where the last of the values between commas begins.
pub(in crate::model) fn last_value(text: &str) -> usize {
    let commas = letters(text).filter(|(_, letter, part)| *letter == ',' && *part == Part::Plain);
    commas.last().map_or(0, |(at, ..)| at + 1)
}

/// The text without what only quotes it.
pub(in crate::model) fn unquoted(text: &str) -> String {
    let text = letters(text).filter(|(.., part)| *part != Part::Mark);
    text.map(|(_, letter, _)| letter).collect()
}

/// The values between commas that are not quoted.
pub(super) fn values(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(comma) = find(rest, ',') {
        found.push(unquoted(&rest[..comma]));
        rest = &rest[comma + 1..];
    }
    found.push(unquoted(rest));
    found.retain(|value| !value.is_empty());
    found
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A value as it stands in a word: in quotes where it would be read otherwise.
#[must_use]
pub fn quoted_value(value: &str) -> String {
    let is_plain = !value.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '"'))
        && !value.starts_with(['~', '>', '<', '-']);
    if is_plain { value.to_owned() } else { quoted(value) }
}

/// The name of a parameter as it stands in a key: in quotes where it would end the key, or its word.
pub(super) fn quoted_name(name: &str) -> String {
    let is_plain = !name.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '"'));
    if is_plain { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_the_text_again() {
        for text in [
            "plain",
            "two words",
            "say \"hi\"",
            "C:\\new folder\\",
            "\\\"",
            "a,b:c",
            "-minus",
            "tab\tbed",
            "größe: 5",
        ] {
            for written in [quoted(text), quoted_value(text), quoted_name(text)] {
                assert!(is_closed(&written), "{written}");
                assert_eq!(unquoted(&written), text, "{written}");
                let word = format!("x:{written}");
                let words: Vec<_> = split(&word).collect();
                assert_eq!(words, [(0, word.as_str())]);
            }
            assert_eq!(values(&format!("a,{},b", quoted_value(text))), ["a", text, "b"]);
        }
    }

    #[test]
    fn outside_quotes_a_backslash_is_a_letter() {
        assert_eq!(unquoted("a\\b"), "a\\b");
        assert_eq!(unquoted("\"a\\\\b\""), "a\\b");
        assert!(!is_closed("\"a\\\""), "the last quote belongs to the text");
        assert_eq!(find("\"a:b\\\":c\":d", ':'), Some(9));
    }
}
