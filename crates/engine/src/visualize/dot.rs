//! Graphviz DOT.

use std::fmt::Write;

use crate::visualize::Drawing;

/// The drawing as a `digraph`. Every text stands in quotes, so no name can end one early.
pub(super) fn dot(drawing: &Drawing) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&drawing.name));
    text.push_str("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    for task in &drawing.boxes {
        let mut attributes = format!("label={}", quoted(&task.label));
        if task.parameter {
            attributes.push_str(", shape=ellipse");
        }
        if let Some((state, said)) = &task.state {
            let label = quoted(&format!("{}\n{said}", task.label));
            let color = state.color();
            attributes = format!("label={label}, style=\"rounded,filled\", fillcolor=\"{color}80\"");
        }
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {} [{attributes}];", quoted(&task.slug));
    }
    for arrow in &drawing.arrows {
        let (from, to) = (
            quoted(&drawing.boxes[arrow.from].slug),
            quoted(&drawing.boxes[arrow.to].slug),
        );
        let mut attributes = Vec::new();
        if !arrow.label.is_empty() {
            attributes.push(format!("label={}", quoted(&arrow.label)));
        }
        if arrow.mapped {
            attributes.push("style=dashed".to_owned());
        }
        let _ = writeln!(text, "  {from} -> {to} [{}];", attributes.join(", "));
    }
    text.push_str("}\n");
    text
}

/// A DOT string: in quotes, with quotes, backslashes and line ends escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_quotes() {
        assert_eq!(quoted("a \"b\" \\ c\nd\te"), "\"a \\\"b\\\" \\\\ c\\nd e\"");
    }
}
