//! Addresses in a text.

use std::ops::Range;

/// Where a text names an address on the web, in bytes. Only `http` and `https`: nothing else is followed.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices("://") {
        let scheme = ["https", "http"]
            .into_iter()
            .find(|scheme| text[..at].ends_with(scheme));
        let Some(start) = scheme.map(|scheme| at - scheme.len()) else {
            continue;
        };
        let is_within = found.last().is_some_and(|last| start < last.end)
            || text[..start].ends_with(|before: char| before.is_alphanumeric());
        if is_within {
            continue;
        }
        let rest = &text[at + 3..];
        let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`{}|\\^".contains(c);
        let address = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let length = trimmed(address);
        if length > 0 {
            found.push(start..at + 3 + length);
        }
    }
    found
}

/// How much of it is the address: what ends the sentence around it, and a bracket that was opened before it, are not.
fn trimmed(address: &str) -> usize {
    // How many brackets of each kind are closed that were not opened in it.
    let excess = |open, close| {
        let count = |bracket: char| address.matches(bracket).count();
        count(close).saturating_sub(count(open))
    };
    let (mut round, mut square) = (excess('(', ')'), excess('[', ']'));
    let is_beyond = |letter| {
        let excess = match letter {
            '.' | ',' | ';' | ':' | '!' | '?' | '*' | '…' => return true,
            ')' => &mut round,
            ']' => &mut square,
            _ => return false,
        };
        let is_excess = *excess > 0;
        *excess = excess.saturating_sub(1);
        is_excess
    };
    address.trim_end_matches(is_beyond).len()
}

#[cfg(test)]
mod tests {
    use super::links;

    fn found(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses_end_where_a_person_would_end_them() {
        for (text, expected) in [
            (
                "see https://a.example/x?y=1#z.",
                vec!["https://a.example/x?y=1#z"],
            ),
            ("(http://a.example/b_(c))", vec!["http://a.example/b_(c)"]),
            (
                "[x](https://a.example), \"http://b.example\"",
                vec!["https://a.example", "http://b.example"],
            ),
            (
                "<https://a.example>https://b.example",
                vec!["https://a.example", "https://b.example"],
            ),
            (
                "https://a.example?to=http://b.example",
                vec!["https://a.example?to=http://b.example"],
            ),
            ("https://münchen.example/ö", vec!["https://münchen.example/ö"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn many_brackets_are_counted_once() {
        const MANY: usize = 1_000_000;
        let closed = ").".repeat(MANY);
        assert_eq!(found(&format!("http://a(b{closed}")), ["http://a(b)"]);
        let address = format!("http://a{}", "[]".repeat(MANY));
        assert_eq!(found(&format!("{address})])")), [address]);
    }

    #[test]
    fn nothing_else_is_followed() {
        for text in [
            "javascript://x",
            "ftp://a",
            "file:///etc",
            "xhttp://a",
            "http://",
            "https://)",
            "http:/a",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
