//! What a terminal would show of a text: colours as spans, progress as its last state, and no other codes.
//!
//! The text comes from anybody. Whatever it holds, reading it takes one pass, and what is not understood is dropped
//! without taking readable text along.

/// A colour that a text asks for; 256 colours and true colours become the nearest of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    /// Also the darker greys: faint on every surface.
    Black,
    /// Red.
    Red,
    /// Green.
    Green,
    /// Yellow.
    Yellow,
    /// Blue.
    Blue,
    /// Magenta.
    Magenta,
    /// Cyan.
    Cyan,
    /// Also the lighter greys: as strong as text gets.
    White,
}

impl Hue {
    const ALL: [Self; 8] = [
        Self::Black,
        Self::Red,
        Self::Green,
        Self::Yellow,
        Self::Blue,
        Self::Magenta,
        Self::Cyan,
        Self::White,
    ];

    /// The name in CSS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::Red => "red",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Blue => "blue",
            Self::Magenta => "magenta",
            Self::Cyan => "cyan",
            Self::White => "white",
        }
    }

    /// Of the 16 colours every terminal has; the bright ones are the same eight.
    fn basic(index: u16) -> Self {
        Self::ALL[usize::from(index & 7)]
    }

    /// Of the 256: 16 basic ones, a cube of 6 × 6 × 6, 24 greys. `None` beyond.
    fn indexed(index: u16) -> Option<Self> {
        let step = |level: u16| if level == 0 { 0 } else { 55 + 40 * level };
        match index {
            0..=15 => Some(Self::basic(index)),
            16..=231 => {
                let cube = index - 16;
                Some(Self::nearest([
                    step(cube / 36),
                    step(cube / 6 % 6),
                    step(cube % 6),
                ]))
            }
            232..=255 => Some(Self::nearest([8 + 10 * (index - 232); 3])),
            _ => None,
        }
    }

    /// The hue of a mixture of red, green and blue, each of 0 to 255: greys by how light they are, anything else by
    /// which of the three stand out.
    fn nearest(mixture: [u16; 3]) -> Self {
        let mixture = mixture.map(|part| part.min(255));
        let strongest = mixture.into_iter().max().unwrap_or(0);
        let weakest = mixture.into_iter().min().unwrap_or(0);
        if strongest - weakest < 48 {
            return if strongest < 144 { Self::Black } else { Self::White };
        }
        let middle = (strongest + weakest) / 2;
        let [red, green, blue] = mixture.map(|part| usize::from(part > middle));
        Self::ALL[red + 2 * green + 4 * blue]
    }
}

/// How a stretch of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The colour of the letters.
    pub ink: Option<Hue>,
    /// The colour behind them.
    pub back: Option<Hue>,
    /// Bold.
    pub bold: bool,
    /// Fainter than the rest.
    pub faint: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underlined: bool,
    /// Struck out.
    pub struck: bool,
    /// Letters and background swapped.
    pub inverse: bool,
}

/// A text without codes, and how its stretches look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Styled {
    /// What is read.
    pub text: String,
    /// From which byte of the text on it looks how. Nothing before the first of them.
    pub styles: Vec<(usize, Style)>,
    /// How many states of a progress are not shown because a later one was written over them.
    pub overwritten: usize,
}

impl Styled {
    /// Whether a text is shown as it is.
    #[must_use]
    pub fn is_plain(raw: &str) -> bool {
        // C1 controls are `C2 80` to `C2 9F` in UTF-8; any `C2` is looked at closely.
        !raw.bytes()
            .any(|byte| (byte < b' ' && byte != b'\n') || byte == 0x7f || byte == 0xc2)
    }

    /// Reads a text. `unfold` keeps every state of a progress as a line of its own.
    #[must_use]
    pub fn read(raw: &str, unfold: bool) -> Self {
        let mut reader = Reader {
            read: Self::default(),
            style: Style::default(),
            line_start: 0,
            column: 0,
            returned: false,
            unfold,
            endless: None,
        };
        let mut rest = raw;
        while let Some(next) = rest.chars().next() {
            let after = &rest[next.len_utf8()..];
            rest = match next {
                '\x1b' => reader.escape(after),
                '\u{9b}' => reader.sequence(after),
                '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => reader.string(after),
                '\n' => {
                    reader.end_line();
                    after
                }
                '\r' => {
                    reader.returned = true;
                    after
                }
                '\t' => {
                    for _ in 0..8 - reader.column % 8 {
                        reader.push(' ');
                    }
                    after
                }
                _ if next.is_control() => after,
                _ => {
                    reader.push(next);
                    after
                }
            };
        }
        reader.read
    }
}

/// A [`Styled`] in the making.
struct Reader {
    read: Styled,
    style: Style,
    /// Where the line began.
    line_start: usize,
    /// How many characters it has.
    column: usize,
    /// The carriage went back: the next character begins the line anew.
    returned: bool,
    unfold: bool,
    /// How many bytes come after a line in which a string for the terminal was begun and no end was found: what else
    /// begins in that line has none either, and is not looked through again.
    endless: Option<usize>,
}

impl Reader {
    fn push(&mut self, character: char) {
        if self.returned {
            self.returned = false;
            self.overwrite();
        }
        let at = self.read.text.len();
        let last = self
            .read
            .styles
            .last()
            .map_or(Style::default(), |(_, style)| *style);
        if last != self.style {
            self.read.styles.push((at, self.style));
        }
        self.read.text.push(character);
        self.column += 1;
    }

    fn end_line(&mut self) {
        self.returned = false;
        self.read.text.push('\n');
        self.line_start = self.read.text.len();
        self.column = 0;
    }

    fn overwrite(&mut self) {
        if self.read.text.len() == self.line_start {
            return;
        }
        if self.unfold {
            self.end_line();
            return;
        }
        self.read.overwritten += 1;
        self.read.text.truncate(self.line_start);
        self.column = 0;
        // What the line looked like is gone with it.
        while self
            .read
            .styles
            .last()
            .is_some_and(|(at, _)| *at >= self.line_start)
        {
            self.read.styles.pop();
        }
    }

    /// After `ESC`. Answers what comes after the code.
    fn escape<'a>(&mut self, text: &'a str) -> &'a str {
        match text.bytes().next() {
            Some(b'[') => self.sequence(&text[1..]),
            Some(b']' | b'P' | b'X' | b'^' | b'_') => self.string(&text[1..]),
            _ => {
                let middle = text
                    .bytes()
                    .take_while(|byte| (b' '..=b'/').contains(byte))
                    .count();
                match text.as_bytes().get(middle) {
                    Some(0x30..=0x7e) => &text[middle + 1..],
                    _ => text,
                }
            }
        }
    }

    /// After the beginning of a string for the terminal, such as a title: past its end, which is on the same line, or
    /// else nothing of it is one.
    fn string<'a>(&mut self, text: &'a str) -> &'a str {
        if self.endless.is_some_and(|after| text.len() >= after) {
            return text;
        }
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let length = match (byte, bytes.get(at + 1)) {
                (b'\n', _) => {
                    self.endless = Some(bytes.len() - at);
                    return text;
                }
                (0x07, _) => 1,
                // `ESC \`, or the one character for it.
                (0x1b, Some(b'\\')) | (0xc2, Some(0x9c)) => 2,
                _ => continue,
            };
            return &text[at + length..];
        }
        self.endless = Some(0);
        text
    }

    /// After `ESC [`: parameters and one letter, of which only `m` means something here.
    fn sequence<'a>(&mut self, text: &'a str) -> &'a str {
        let length = text
            .bytes()
            .take_while(|byte| (b' '..=b'?').contains(byte))
            .count();
        let (parameters, rest) = text.split_at(length);
        match rest.bytes().next() {
            Some(b'm') => {
                self.dress(parameters);
                &rest[1..]
            }
            Some(0x40..=0x7e) => &rest[1..],
            _ => rest,
        }
    }

    /// Select Graphic Rendition.
    fn dress(&mut self, parameters: &str) {
        if parameters
            .bytes()
            .any(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))
        {
            return;
        }
        let number = |text: &str| match text {
            "" => 0,
            _ => text.parse::<u16>().unwrap_or(u16::MAX),
        };
        let mut codes = parameters.split(';');
        while let Some(code) = codes.next() {
            let style = &mut self.style;
            if let Some((first, parts)) = code.split_once(':') {
                let mut parts = parts.split(':').filter(|part| !part.is_empty()).map(number);
                let hue = extended(&mut parts);
                match number(first) {
                    38 => style.ink = hue,
                    48 => style.back = hue,
                    _ => {}
                }
                continue;
            }
            match number(code) {
                0 => *style = Style::default(),
                1 => style.bold = true,
                2 => style.faint = true,
                3 => style.italic = true,
                4 | 21 => style.underlined = true,
                7 => style.inverse = true,
                9 => style.struck = true,
                22 => (style.bold, style.faint) = (false, false),
                23 => style.italic = false,
                24 => style.underlined = false,
                27 => style.inverse = false,
                29 => style.struck = false,
                code @ (30..=37 | 90..=97) => style.ink = Some(Hue::basic(code % 10)),
                code @ (40..=47 | 100..=107) => style.back = Some(Hue::basic(code % 10)),
                38 => style.ink = extended(&mut codes.by_ref().map(number)),
                48 => style.back = extended(&mut codes.by_ref().map(number)),
                39 => style.ink = None,
                49 => style.back = None,
                _ => {}
            }
        }
    }
}

/// `5;n` or `2;r;g;b` after 38 or 48.
fn extended(codes: &mut dyn Iterator<Item = u16>) -> Option<Hue> {
    match codes.next()? {
        5 => Hue::indexed(codes.next()?),
        2 => Some(Hue::nearest([codes.next()?, codes.next()?, codes.next()?])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        Styled::read(raw, false).text
    }

    /// The stretches with the names of their colours, `+b` for bold.
    fn dressed(raw: &str) -> Vec<(String, String)> {
        let read = Styled::read(raw, false);
        let mut found = Vec::new();
        for (index, (at, style)) in read.styles.iter().enumerate() {
            let end = read.styles.get(index + 1).map_or(read.text.len(), |(at, _)| *at);
            let ink = style.ink.map_or("", Hue::name);
            let back = style
                .back
                .map(|hue| format!("/{}", hue.name()))
                .unwrap_or_default();
            let bold = if style.bold { "+b" } else { "" };
            found.push((read.text[*at..end].to_owned(), format!("{ink}{back}{bold}")));
        }
        found
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected
            .iter()
            .map(|(text, style)| ((*text).to_owned(), (*style).to_owned()))
            .collect()
    }

    #[test]
    fn colours_become_stretches() {
        assert_eq!(
            dressed("a \x1b[31mred\x1b[0m b \x1b[1;92mgreen\x1b[22m thin\x1b[m"),
            pairs(&[
                ("red", "red"),
                (" b ", ""),
                ("green", "green+b"),
                (" thin", "green")
            ])
        );
        assert_eq!(text("a \x1b[31mred\x1b[0m b"), "a red b");
    }

    #[test]
    fn many_colours_become_few() {
        for (code, expected) in [
            ("38;5;196", "red"),
            ("38;5;9", "red"),
            ("38;5;21", "blue"),
            ("38;5;240", "black"),
            ("38;5;250", "white"),
            ("38;2;255;165;0", "yellow"),
            ("38;2;10;200;30", "green"),
            ("38:2::255:0:255", "magenta"),
            ("38:5:51", "cyan"),
            ("48;5;196", "/red"),
            ("48;2;0;0;255;33", "yellow/blue"),
        ] {
            assert_eq!(
                dressed(&format!("\x1b[{code}mx")),
                pairs(&[("x", expected)]),
                "{code}"
            );
        }
    }

    #[test]
    fn broken_and_hostile_codes_take_no_text_along() {
        for (raw, expected) in [
            ("\x1b[", ""),
            ("\x1b", ""),
            ("a\x1b[38;5mb", "ab"),
            ("a\x1b[99999999999999999999mb", "ab"),
            ("a\x1b[?25lb\x1b[2Kc\x1b[1;1Hd", "abcd"),
            ("a\x1b[31\nb", "a\nb"),
            ("a\x1b]0;title\x07b", "ab"),
            ("\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\", "click"),
            ("a\x1b]0;never ends\nb", "a0;never ends\nb"),
            ("a\x1bPq#0\x1b\\b", "ab"),
            ("a\x1b(Bb\x1bMc", "abc"),
            ("a\u{9b}31mb\u{9d}x\u{9c}c", "abc"),
            ("a\0\x08\x7fb", "ab"),
            ("ä\x1bö\x1b[ü", "äöü"),
            ("£5", "£5"),
        ] {
            assert_eq!(text(raw), expected, "{raw:?}");
        }
        let long = "\x1b[1;".repeat(50_000);
        assert_eq!(text(&long), "");
    }

    #[test]
    fn many_strings_without_an_end_are_read_in_one_pass() {
        const MANY: usize = 1_000_000;
        for beginning in ["\x1b]", "\x1bP", "\u{9d}"] {
            let raw = format!("{}\n{beginning}gone\x07b", beginning.repeat(MANY));
            assert_eq!(text(&raw), "\nb", "{beginning:?}");
            // Each has its end, and only one of the ends that there are.
            assert_eq!(text(&format!("{beginning}gone\x07").repeat(MANY)), "");
        }
    }

    #[test]
    fn a_progress_is_its_last_state() {
        let raw = "load\n 10%\r 50%\r\x1b[32m100%\r\ndone\r\n";
        let folded = Styled::read(raw, false);
        assert_eq!(folded.text, "load\n100%\ndone\n");
        assert_eq!(folded.overwritten, 2);
        assert_eq!(Styled::read(raw, true).text, "load\n 10%\n 50%\n100%\ndone\n");
        assert_eq!(dressed("\x1b[31mab\r\x1b[0mc"), pairs(&[]));
        assert_eq!(text("100%\r"), "100%");
        assert_eq!(text("100%\r\x1b[K"), "100%");
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        assert_eq!(text("a\tb"), "a       b");
        assert_eq!(text("x\n12345678\tb"), "x\n12345678        b");
    }

    #[test]
    fn what_is_plain_is_shown_as_it_is() {
        for (raw, plain) in [
            ("a\nb — ✓", true),
            ("a\tb", false),
            ("\x1b[m", false),
            ("a\r\n", false),
            ("\u{9b}", false),
        ] {
            assert_eq!(Styled::is_plain(raw), plain, "{raw:?}");
            assert!(!plain || text(raw) == raw);
        }
    }
}
