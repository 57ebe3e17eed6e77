//! Markdown as a tree of marks: the part of it that people use in notes and reports, tables included. HTML in it is
//! text: nothing of it becomes markup.
//!
//! Our own, because the well-kept parser (`pulldown-cmark`) adds 56 kB to the compressed module, which is more than any
//! page of it.

mod block;
mod inline;

/// Longer texts are cut: nobody reads them on a page, and each mark is an element.
const LONGEST: usize = 200_000;

/// A mark that holds others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A paragraph.
    Paragraph,
    /// A heading, from 1 to 6.
    Heading(u8),
    /// A quotation.
    Quote,
    /// Code with its language, or with an empty one.
    CodeBlock(String),
    /// A list, with the number of its first item unless it has dots.
    List(Option<u64>),
    /// An item of a list.
    Item,
    /// A table, its rows in it.
    Table,
    /// Its first row.
    TableHead,
    /// Another row.
    TableRow,
    /// A cell; whether its column is aligned to the right, as numbers are.
    TableCell(bool),
    /// Emphasis, usually slanted.
    Emphasis,
    /// Strong emphasis, usually bold.
    Strong,
    /// Text that is struck out.
    Strike,
    /// An address to follow; `None` when it is not a safe one. A picture is a link, too: shown, it would tell its
    /// server who reads this.
    Link(Option<String>),
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Markup {
    /// Plain words.
    Text(String),
    /// Code within a line.
    Code(String),
    /// The end of a line that is meant.
    Break,
    /// A line across.
    Rule,
    /// A box of a list of things to do, ticked or not.
    Check(bool),
    /// Pieces with a mark.
    Part(Mark, Vec<Self>),
}

/// The pieces of a text in markdown, and whether it was cut.
#[must_use]
pub fn markdown(text: &str) -> (Vec<Markup>, bool) {
    let cut = text.floor_char_boundary(LONGEST);
    let text_shown = text[..cut].replace('\t', "    ");
    let lines: Vec<&str> = text_shown.lines().collect();
    (block::blocks(&lines, 0), cut < text.len())
}

#[cfg(test)]
mod tests {
    use super::Mark::*;
    use super::Markup::{Break, Check, Code, Part, Rule, Text};
    use super::*;

    fn text(text: &str) -> Markup {
        Text(text.to_owned())
    }

    fn read(text: &str) -> Vec<Markup> {
        markdown(text).0
    }

    #[test]
    fn marks_become_parts() {
        assert_eq!(
            read("# Census of `x`\n\nIn **all** *not* ~~much~~."),
            [
                Part(Heading(1), vec![text("Census of "), Code("x".to_owned())]),
                Part(
                    Paragraph,
                    vec![
                        text("In "),
                        Part(Strong, vec![text("all")]),
                        text(" "),
                        Part(Emphasis, vec![text("not")]),
                        text(" "),
                        Part(Strike, vec![text("much")]),
                        text("."),
                    ]
                ),
            ]
        );
        assert_eq!(
            read("3. a\n4. [x] b"),
            [Part(
                List(Some(3)),
                vec![
                    Part(Item, vec![text("a")]),
                    Part(Item, vec![Check(true), text("b")])
                ]
            )]
        );
        assert_eq!(
            read("```sh\nls <b>\n```"),
            [Part(CodeBlock("sh".to_owned()), vec![text("ls <b>\n")])]
        );
    }

    #[test]
    fn a_table_has_rows_and_aligned_cells() {
        let cell = |words: &str, is_number| Part(TableCell(is_number), vec![text(words)]);
        assert_eq!(
            read("| language | files |\n| --- | ---: |\n| Rust | 12 |"),
            [Part(
                Table,
                vec![
                    Part(TableHead, vec![cell("language", false), cell("files", true)]),
                    Part(TableRow, vec![cell("Rust", false), cell("12", true)]),
                ]
            )]
        );
    }

    #[test]
    fn marks_without_a_partner_are_text() {
        for plain in [
            "2 * 3 * 4",
            "a ` b",
            "snake_case_name and other_name",
            "** not bold **",
            "[x] and [y](z",
            "a ~ b ~ c",
            "é* 100 %",
            "a < b > c & d",
        ] {
            assert_eq!(read(plain), [Part(Paragraph, vec![text(plain)])], "{plain}");
        }
        assert_eq!(read(r"\*a\* \| &lt;"), [Part(Paragraph, vec![text("*a* | <")])]);
    }

    #[test]
    fn lists_nest_and_are_tight_unless_lines_stand_between() {
        assert_eq!(
            read("- a\n  - b\n\n    c\n- d\ngoes on"),
            [Part(
                List(None),
                vec![
                    Part(
                        Item,
                        vec![
                            text("a"),
                            Part(
                                List(None),
                                vec![Part(
                                    Item,
                                    vec![Part(Paragraph, vec![text("b")]), Part(Paragraph, vec![text("c")])]
                                )]
                            ),
                        ]
                    ),
                    Part(Item, vec![text("d\ngoes on")]),
                ]
            )]
        );
        assert_eq!(
            read("> one\ntwo\n\nthree  \nfour\n***"),
            [
                Part(Quote, vec![Part(Paragraph, vec![text("one\ntwo")])]),
                Part(Paragraph, vec![text("three"), Break, text("four")]),
                Rule,
            ]
        );
        assert_eq!(
            read("Title\n===\n***a** b*"),
            [
                Part(Heading(1), vec![text("Title")]),
                Part(
                    Paragraph,
                    vec![Part(Emphasis, vec![Part(Strong, vec![text("a")]), text(" b")])]
                ),
            ]
        );
    }

    #[test]
    fn addresses_are_links_without_any_signs() {
        let link = |words: &str| Part(Link(Some(words.to_owned())), vec![text(words)]);
        assert_eq!(
            read("see https://x.org/a_b?c=1, <mailto:a@b.c>."),
            [Part(
                Paragraph,
                vec![
                    text("see "),
                    link("https://x.org/a_b?c=1"),
                    text(", "),
                    link("mailto:a@b.c"),
                    text(".")
                ]
            )]
        );
        assert_eq!(
            read("[a *b* `c`](https://x.org/(y) \"title\")"),
            [Part(
                Paragraph,
                vec![Part(
                    Link(Some("https://x.org/(y)".to_owned())),
                    vec![
                        text("a "),
                        Part(Emphasis, vec![text("b")]),
                        text(" "),
                        Code("c".to_owned())
                    ]
                )]
            )]
        );
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            read("a <b onclick=x>c</b>"),
            [Part(Paragraph, vec![text("a <b onclick=x>c</b>")])]
        );
        assert_eq!(
            read("<script>alert(1)</script>"),
            [Part(Paragraph, vec![text("<script>alert(1)</script>")])]
        );
        for (link, address) in [
            ("[x](javascript:alert(1))", None),
            ("[x](data:text/html,y)", None),
            ("[x](/flows)", None),
            ("[x](https://y.org)", Some("https://y.org".to_owned())),
            ("![x](https://y.org)", Some("https://y.org".to_owned())),
        ] {
            assert_eq!(
                read(link),
                [Part(Paragraph, vec![Part(Link(address), vec![text("x")])])],
                "{link}"
            );
        }
    }

    #[test]
    fn neither_depth_nor_length_is_without_end() {
        fn depth(pieces: &[Markup]) -> usize {
            pieces
                .iter()
                .map(|piece| match piece {
                    Part(_, inside) => 1 + depth(inside),
                    _ => 0,
                })
                .max()
                .unwrap_or(0)
        }
        for deep in [
            format!("{}x", "> ".repeat(5_000)),
            format!("{}x", "- ".repeat(5_000)),
            format!("{}x{}", "*a **b ".repeat(5_000), "**c*".repeat(5_000)),
            format!("{}x{}", "*".repeat(9_000), "*".repeat(9_000)),
            format!("{}x{}", "[".repeat(5_000), "](https://a)".repeat(5_000)),
            "`".repeat(50_000),
            "` ``".repeat(5_000),
            "| a ".repeat(10_000),
        ] {
            let read = read(&deep);
            assert!(depth(&read) <= 64, "{}: {}", &deep[..8], depth(&read));
            assert!(!read.is_empty());
        }
        let wide = format!("{}\n{}\n{}", "|".repeat(300), "|-".repeat(299), "x\n".repeat(300));
        let [Part(Table, rows)] = &read(&wide)[..] else {
            panic!("{:?}", read(&wide));
        };
        let cells = rows.iter().map(|row| match row {
            Part(_, cells) => cells.len(),
            _ => 0,
        });
        assert_eq!(
            (rows.len(), cells.sum::<usize>()),
            (301, 299 + 300),
            "a short row has no cells that nobody wrote"
        );
        let (_, was_cut) = markdown(&"é".repeat(LONGEST));
        assert!(was_cut);
        assert!(!markdown("short").1);
    }
}
