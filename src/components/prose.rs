//! A description in its author's words, with the two marks that nearly every one uses: `code` and **bold**.
//! Everything else stays the text it is.

use leptos::prelude::*;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Code(&'a str),
    Bold(&'a str),
}

/// The pieces of a text. A mark without its partner is text.
fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut plain_until = 0;
    while let Some(at) = text[plain_until..].find(['`', '*']).map(|at| at + plain_until) {
        let mark = if text[at..].starts_with("**") {
            "**"
        } else {
            &text[at..=at]
        };
        let inside = &text[at + mark.len()..];
        match inside
            .find(mark)
            .filter(|end| *end > 0 && mark != "*" && !inside[..*end].contains('\n'))
        {
            Some(end) => {
                if at > 0 {
                    found.push(Piece::Plain(&text[..at]));
                }
                found.push(if mark == "`" {
                    Piece::Code(&inside[..end])
                } else {
                    Piece::Bold(&inside[..end])
                });
                text = &inside[end + mark.len()..];
                plain_until = 0;
            }
            // Nothing between two marks: both are text.
            None => plain_until = at + mark.len() * (1 + usize::from(inside.starts_with(mark))),
        }
    }
    if !text.is_empty() {
        found.push(Piece::Plain(text));
    }
    found
}

/// A description.
#[component]
pub fn Prose(text: String) -> impl IntoView {
    let view = pieces(text.trim())
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => text.to_owned().into_any(),
            Piece::Code(text) => view! { <code>{text.to_owned()}</code> }.into_any(),
            Piece::Bold(text) => view! { <strong>{text.to_owned()}</strong> }.into_any(),
        })
        .collect_view();
    view! { <p class="prose">{view}</p> }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Bold, Code, Plain};
    use super::*;

    #[test]
    fn marks_in_pairs_are_marks_and_all_else_is_text() {
        assert_eq!(
            pieces("ends in **Success**; `path` it is"),
            [
                Plain("ends in "),
                Bold("Success"),
                Plain("; "),
                Code("path"),
                Plain(" it is")
            ]
        );
        for plain in [
            "",
            "2 * 3 * 4",
            "a ` b",
            "**",
            "`` ``",
            "* one\n* two",
            "**a\nb**",
            "<b>x</b>",
            "é*",
        ] {
            let found: Vec<Piece<'_>> = pieces(plain);
            assert!(
                found.iter().all(|piece| matches!(piece, Plain(_))),
                "{plain}: {found:?}"
            );
        }
    }
}
