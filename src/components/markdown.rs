//! A text in markdown, element by element: no HTML of its author's, no pictures from elsewhere, no scripts.

use leptos::prelude::*;

use crate::model::{Mark, Markup, markdown};

/// The text.
#[component]
pub fn Markdown(text: String) -> impl IntoView {
    let (pieces, was_cut) = markdown(&text);
    view! {
        <div class="markdown">
            {pieces.into_iter().map(piece).collect_view()}
            {was_cut.then(|| view! { <p class="section__note">"The rest of this long text is left out here."</p> })}
        </div>
    }
}

fn piece(piece: Markup) -> AnyView {
    match piece {
        Markup::Text(text) => text.into_any(),
        Markup::Code(text) => view! { <code>{text}</code> }.into_any(),
        Markup::Break => view! { <br/> }.into_any(),
        Markup::Rule => view! { <hr/> }.into_any(),
        Markup::Check(is_done) => if is_done { "☑ " } else { "☐ " }.into_any(),
        Markup::Part(mark, pieces) => part(mark, pieces),
    }
}

fn part(mark: Mark, pieces: Vec<Markup>) -> AnyView {
    if mark == Mark::Table {
        return table(pieces);
    }
    let inside = pieces.into_iter().map(piece).collect_view();
    match mark {
        Mark::Paragraph => view! { <p>{inside}</p> }.into_any(),
        // Below the headings of the page, and all of one rank: authors leave ranks out.
        Mark::Heading(level) => view! { <h3 data-level=level.to_string()>{inside}</h3> }.into_any(),
        Mark::Quote => view! { <blockquote>{inside}</blockquote> }.into_any(),
        Mark::CodeBlock(language) => {
            let label = if language.is_empty() {
                "Code".to_owned()
            } else {
                format!("Code, {language}")
            };
            view! { <pre tabindex="0" role="group" aria-label=label><code>{inside}</code></pre> }.into_any()
        }
        Mark::List(None) => view! { <ul>{inside}</ul> }.into_any(),
        Mark::List(Some(first)) => view! { <ol start=first.to_string()>{inside}</ol> }.into_any(),
        Mark::Item => view! { <li>{inside}</li> }.into_any(),
        Mark::Emphasis => view! { <em>{inside}</em> }.into_any(),
        Mark::Strong => view! { <strong>{inside}</strong> }.into_any(),
        Mark::Strike => view! { <s>{inside}</s> }.into_any(),
        Mark::Link(Some(href)) => {
            view! { <a href=href rel="noopener noreferrer nofollow" target="_blank">{inside}</a> }.into_any()
        }
        _ => inside.into_any(),
    }
}

/// A table; the first row is its head.
fn table(rows: Vec<Markup>) -> AnyView {
    let cells = |row: Markup, is_head: bool| {
        let Markup::Part(_, cells) = row else {
            return ().into_any();
        };
        let cell = |cell: Markup| {
            let Markup::Part(Mark::TableCell(is_number), pieces) = cell else {
                return ().into_any();
            };
            let inside = pieces.into_iter().map(piece).collect_view();
            let class = is_number.then_some("table__number");
            if is_head {
                view! { <th scope="col" class=class>{inside}</th> }.into_any()
            } else {
                view! { <td class=class>{inside}</td> }.into_any()
            }
        };
        view! { <tr>{cells.into_iter().map(cell).collect_view()}</tr> }.into_any()
    };
    let mut rows = rows.into_iter();
    let head = rows.next().map(|row| cells(row, true));
    let body = rows.map(|row| cells(row, false)).collect_view();
    view! {
        <div class="markdown__table" tabindex="0" role="group" aria-label="Table">
            <table class="table"><thead>{head}</thead><tbody>{body}</tbody></table>
        </div>
    }
    .into_any()
}
