//! SVG, with no tool but ourselves: boxes in rows, arrows between them.

use std::fmt::Write;

use crate::visualize::{Drawing, TaskBox, layers};

const HEIGHT: f64 = 46.0;
const GAP: f64 = 28.0;
const BETWEEN_ROWS: f64 = 64.0;
const MARGIN: f64 = 20.0;
/// Wide enough for a letter of the sans-serif fonts at hand, at 13 px.
const LETTER: f64 = 7.6;
/// Names longer than this are cut; the whole name is in the box's tooltip.
const LONGEST_LABEL: usize = 40;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1b2330}.said{font-size:11px;fill:#4a5568}\
rect{fill:#fff;stroke:#66758c;stroke-width:1.5}.arrow{fill:none;stroke:#66758c;stroke-width:1.5}\
.mapped{stroke-dasharray:5 3}.key{font-size:11px;fill:#4a5568}";

struct Placed {
    left: f64,
    top: f64,
    width: f64,
}

impl Placed {
    fn middle(&self) -> f64 {
        self.left + self.width / 2.0
    }
}

pub(super) fn svg(drawing: &Drawing) -> String {
    let edges: Vec<(usize, usize)> = drawing
        .arrows
        .iter()
        .map(|arrow| (arrow.from, arrow.to))
        .collect();
    let rows = layers::rows(drawing.boxes.len(), &edges);
    let (places, width, height) = place(drawing, &rows);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-label=\"{}\">\n<style>{STYLE}</style>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#66758c\"/></marker></defs>\n",
        escaped(&format!("Flow {}", drawing.name))
    );
    for arrow in &drawing.arrows {
        let (from, to) = (&places[arrow.from], &places[arrow.to]);
        let (x1, y1, x2, y2) = (from.middle(), from.top + HEIGHT, to.middle(), to.top - 2.0);
        let bend = (y2 - y1) / 2.0;
        let class = if arrow.mapped { "arrow mapped" } else { "arrow" };
        // Writing to a text cannot fail.
        let _ = writeln!(
            svg,
            "<path class=\"{class}\" marker-end=\"url(#head)\" d=\"M{x1:.1} {y1:.1}C{x1:.1} {:.1} {x2:.1} {:.1} \
             {x2:.1} {y2:.1}\"/>",
            y1 + bend,
            y2 - bend
        );
        if !arrow.label.is_empty() {
            let (x, y) = ((x1 + x2) / 2.0 + 5.0, (y1 + y2) / 2.0);
            let _ = writeln!(
                svg,
                "<text class=\"key\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
                escaped(&arrow.label)
            );
        }
    }
    for (task, placed) in drawing.boxes.iter().zip(&places) {
        draw_box(&mut svg, task, placed);
    }
    svg.push_str("</svg>\n");
    svg
}

fn place(drawing: &Drawing, rows: &[Vec<usize>]) -> (Vec<Placed>, f64, f64) {
    let width_of = |node: usize| letters(shown(&drawing.boxes[node]).chars().count()).max(90.0);
    let row_width = |row: &Vec<usize>| row.iter().map(|&node| width_of(node) + GAP).sum::<f64>() - GAP;
    let widest = rows.iter().map(row_width).fold(0.0, f64::max);
    let mut places: Vec<Placed> = drawing
        .boxes
        .iter()
        .map(|_| Placed {
            left: 0.0,
            top: 0.0,
            width: 0.0,
        })
        .collect();
    let mut top = MARGIN;
    for row in rows {
        let mut left = MARGIN + (widest - row_width(row)) / 2.0;
        for &node in row {
            let width = width_of(node);
            places[node] = Placed { left, top, width };
            left += width + GAP;
        }
        top += HEIGHT + BETWEEN_ROWS;
    }
    let height = if rows.is_empty() {
        2.0 * MARGIN
    } else {
        top - BETWEEN_ROWS + MARGIN
    };
    (places, widest + 2.0 * MARGIN, height)
}

fn letters(count: usize) -> f64 {
    u32::try_from(count).map_or(0.0, f64::from) * LETTER + 24.0
}

fn shown(task: &TaskBox) -> String {
    if task.label.chars().count() <= LONGEST_LABEL {
        return task.label.clone();
    }
    task.label.chars().take(LONGEST_LABEL - 1).chain(['…']).collect()
}

fn draw_box(svg: &mut String, task: &TaskBox, Placed { left, top, width }: &Placed) {
    let radius = if task.parameter { HEIGHT / 2.0 } else { 7.0 };
    let class = if task.mapped { " class=\"mapped\"" } else { "" };
    let fill = task.state.as_ref().map_or(String::new(), |(state, _)| {
        let color = state.color();
        format!(" style=\"fill:{color}33;stroke:{color}\"")
    });
    let (x, middle) = (left + width / 2.0, top + HEIGHT / 2.0);
    let (name_y, said) = match &task.state {
        Some((_, said)) => {
            let y = middle + 14.0;
            (
                middle - 3.0,
                format!(
                    "<text class=\"said\" text-anchor=\"middle\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
                    escaped(said)
                ),
            )
        }
        None => (middle + 4.5, String::new()),
    };
    let _ = writeln!(
        svg,
        "<g><title>{}</title><rect{class} x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" \
         rx=\"{radius}\"{fill}/><text text-anchor=\"middle\" x=\"{x:.1}\" y=\"{name_y:.1}\">{}</text>{said}</g>",
        escaped(&task.slug),
        escaped(&shown(task))
    );
}

/// Text for SVG: no mark-up, no control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
