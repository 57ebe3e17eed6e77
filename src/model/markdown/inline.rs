//! Marks within a line of markdown: emphasis, code, links, escapes.

use super::super::safe_link;
use super::{Mark, Markup};

/// So far ahead, in bytes, the end of a link or of code is looked for.
const AHEAD: usize = 1_000;
/// So many marks may be open at a time.
const MOST_OPEN: usize = 24;

/// The pieces of some words.
pub(super) fn inline(words: &str) -> Vec<Markup> {
    Reader::new(words, false).read()
}

/// Signs that may begin an emphasis.
struct Open {
    sign: u8,
    count: usize,
    /// Which of the pieces they are.
    place: usize,
}

struct Reader<'a> {
    words: &'a str,
    at: usize,
    pieces: Vec<Markup>,
    open: Vec<Open>,
    /// A link has no links in it.
    in_link: bool,
}

impl<'a> Reader<'a> {
    fn new(words: &'a str, in_link: bool) -> Self {
        Self {
            words,
            at: 0,
            pieces: Vec::new(),
            open: Vec::new(),
            in_link,
        }
    }

    fn rest(&self) -> &'a str {
        &self.words[self.at..]
    }

    /// What follows, as far as the end of a mark is looked for.
    fn ahead(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.floor_char_boundary(AHEAD)]
    }

    fn read(mut self) -> Vec<Markup> {
        while let Some(sign) = self.rest().bytes().next() {
            let taken = match sign {
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'*' | b'_' | b'~' => self.emphasis(sign),
                b'!' if self.rest().starts_with("![") => self.link(1),
                b'[' => self.link(0),
                b'<' => self.address_in_brackets(),
                b'h' => self.address(),
                b'&' => self.entity(),
                b'\n' => self.line_end(),
                _ => false,
            };
            if !taken {
                let length = self.rest().chars().next().map_or(1, char::len_utf8);
                self.text(self.at + length);
            }
        }
        tidy(self.pieces)
    }

    /// Takes the words up to `end` as they are.
    fn text(&mut self, end: usize) {
        let words = &self.words[self.at..end];
        // Signs that may begin an emphasis stay a piece of their own.
        let is_open = self
            .open
            .last()
            .is_some_and(|open| open.place + 1 == self.pieces.len());
        match self.pieces.last_mut() {
            Some(Markup::Text(before)) if !is_open => before.push_str(words),
            _ => self.pieces.push(Markup::Text(words.to_owned())),
        }
        self.at = end;
    }

    fn put(&mut self, piece: Markup, length: usize) -> bool {
        self.pieces.push(piece);
        self.at += length;
        true
    }

    fn escape(&mut self) -> bool {
        match self.rest().as_bytes().get(1) {
            Some(b'\n') => self.put(Markup::Break, 2),
            Some(sign) if sign.is_ascii_punctuation() => {
                self.at += 1;
                self.text(self.at + 1);
                true
            }
            _ => false,
        }
    }

    /// The end of a line is a space, or when two spaces stand before it, meant.
    fn line_end(&mut self) -> bool {
        if let Some(Markup::Text(before)) = self.pieces.last_mut() {
            let is_meant = before.ends_with("  ");
            before.truncate(before.trim_end_matches(' ').len());
            if is_meant {
                return self.put(Markup::Break, 1);
            }
        }
        false
    }

    fn code(&mut self) -> bool {
        let rest = self.ahead();
        let length = rest.len() - rest.trim_start_matches('`').len();
        let signs = &rest[..length];
        let mut from = length;
        while let Some(found) = rest[from..].find(signs) {
            let start = from + found;
            let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
            if run == length {
                let code = rest[length..start].replace('\n', " ");
                let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
                let inner = inner.filter(|inner| !inner.trim().is_empty());
                let code = inner.map_or_else(|| code.clone(), str::to_owned);
                return self.put(Markup::Code(code), start + length);
            }
            from = start + run;
        }
        // Without a partner the signs are text, all of them.
        self.text(self.at + length);
        true
    }

    fn entity(&mut self) -> bool {
        const KNOWN: [(&str, &str); 6] = [
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&nbsp;", "\u{a0}"),
            ("&#39;", "'"),
        ];
        let rest = self.rest();
        let found = KNOWN.iter().find(|(name, _)| rest.starts_with(name));
        found.is_some_and(|(name, sign)| self.put(Markup::Text((*sign).to_owned()), name.len()))
    }

    fn put_link(&mut self, url: &str, inside: Vec<Markup>, length: usize) -> bool {
        let address = safe_link(url).map(str::to_owned);
        self.put(Markup::Part(Mark::Link(address), inside), length)
    }

    /// `[words](address "title")`, after `skip` signs.
    fn link(&mut self, skip: usize) -> bool {
        if self.in_link {
            return false;
        }
        let rest = &self.ahead()[skip..];
        let Some(close) = closing(rest, b'[', b']') else {
            return false;
        };
        let Some(end) = closing(&rest[close + 1..], b'(', b')') else {
            return false;
        };
        let target = rest[close + 2..=close + end].trim();
        let (address, title) = match target.strip_prefix('<').and_then(|target| target.split_once('>')) {
            Some(parts) => parts,
            None => target.split_once(char::is_whitespace).unwrap_or((target, "")),
        };
        let title = title.trim();
        if !title.is_empty() && !title.starts_with(['"', '\'', '(']) {
            return false;
        }
        let inside = Reader::new(&rest[1..close], true).read();
        self.put_link(address, inside, skip + close + end + 2)
    }

    /// `<https://…>`.
    fn address_in_brackets(&mut self) -> bool {
        let rest = self.ahead();
        let Some(end) = rest.find('>').filter(|_| !self.in_link) else {
            return false;
        };
        let address = &rest[1..end];
        if address.contains(char::is_whitespace) || safe_link(address).is_none() {
            return false;
        }
        self.put_link(address, vec![Markup::Text(address.to_owned())], end + 1)
    }

    /// An address without any signs around it.
    fn address(&mut self) -> bool {
        let rest = self.ahead();
        let is_address = rest.starts_with("https://") || rest.starts_with("http://");
        let is_within_word = self.words[..self.at].ends_with(char::is_alphanumeric);
        if !is_address || is_within_word || self.in_link {
            return false;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '`' | '"'))
            .unwrap_or(rest.len());
        let address =
            rest[..end].trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~', ')', ']']);
        safe_link(address).is_some()
            && self.put_link(address, vec![Markup::Text(address.to_owned())], address.len())
    }

    fn emphasis(&mut self, sign: u8) -> bool {
        let rest = self.rest();
        let count = rest.bytes().take_while(|byte| *byte == sign).count();
        let before = self.words[..self.at].chars().next_back().unwrap_or(' ');
        let after = rest[count..].chars().next().unwrap_or(' ');
        let is_sign = |c: char| c.is_ascii_punctuation();
        let left = !after.is_whitespace() && (!is_sign(after) || before.is_whitespace() || is_sign(before));
        let right = !before.is_whitespace() && (!is_sign(before) || after.is_whitespace() || is_sign(after));
        // `snake_case` is no emphasis.
        let opens = left && (sign != b'_' || !right || is_sign(before));
        let closes = right && (sign != b'_' || !left || is_sign(after));
        let mut left_over = count;
        let is_known = count <= 3 && (sign != b'~' || count == 2);
        while closes && is_known && left_over > 0 {
            let Some(place) = self.open.iter().rposition(|open| open.sign == sign) else {
                break;
            };
            left_over -= self.close(place, left_over);
        }
        if left_over > 0 {
            let is_open = opens && is_known && self.open.len() < MOST_OPEN;
            if is_open {
                self.open.push(Open {
                    sign,
                    count: left_over,
                    place: self.pieces.len(),
                });
                let signs = rest[..left_over].to_owned();
                self.pieces.push(Markup::Text(signs));
                self.at += count;
            } else {
                self.at += count - left_over;
                self.text(self.at + left_over);
            }
        } else {
            self.at += count;
        }
        true
    }

    /// Ends the emphasis that began at `place` of those that are open; answers how many signs that took.
    fn close(&mut self, place: usize, count: usize) -> usize {
        self.open.truncate(place + 1);
        let Some(open) = self.open.last_mut() else {
            return count;
        };
        let used = if open.count >= 2 && count >= 2 { 2 } else { 1 };
        let mark = match (open.sign, used) {
            (b'~', _) => Mark::Strike,
            (_, 2) => Mark::Strong,
            _ => Mark::Emphasis,
        };
        let inside = tidy(self.pieces.split_off(open.place + 1));
        open.count -= used;
        if open.count == 0 {
            self.open.pop();
            self.pieces.pop();
        } else if let Some(Markup::Text(signs)) = self.pieces.last_mut() {
            signs.truncate(signs.len() - used);
        }
        self.pieces.push(Markup::Part(mark, inside));
        used
    }
}

/// Where the bracket closes with which the text begins; `None` when it does not begin with one.
fn closing(text: &str, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if is_escaped {
            is_escaped = false;
        } else if byte == b'\\' {
            is_escaped = true;
        } else if byte == open {
            depth += 1;
        } else if byte == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
        if depth == 0 && !is_escaped {
            return None;
        }
    }
    None
}

/// Texts that follow one another are one.
fn tidy(pieces: Vec<Markup>) -> Vec<Markup> {
    let mut tidied: Vec<Markup> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (tidied.last_mut(), piece) {
            (Some(Markup::Text(before)), Markup::Text(text)) => before.push_str(&text),
            (_, Markup::Text(text)) if text.is_empty() => {}
            (_, piece) => tidied.push(piece),
        }
    }
    tidied
}
