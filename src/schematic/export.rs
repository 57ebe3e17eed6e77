//! The schematic as a picture that needs nothing else: an SVG file with its colors and letters in it. Pure.

use std::fmt::Write as _;

use super::label::fitted;
use super::scene::{Look, Scene};

/// What is written on a card, and its state's name in CSS.
pub struct Words {
    /// The task's name.
    pub name: String,
    /// The line below it; empty for a flow as it is written.
    pub detail: String,
    /// The state's name in CSS; `None` when there is none.
    pub state: Option<&'static str>,
}

/// Around the picture.
const MARGIN: f64 = 24.0;

/// The whole picture with its width and height, `words` on the card of each task of the scene. `token` gives the value of a custom property of the
/// theme, such as `--ink`.
#[must_use]
pub fn svg(
    scene: &Scene,
    look: Look,
    words: impl Fn(usize) -> Words,
    token: &dyn Fn(&str) -> String,
) -> (String, f64, f64) {
    let extent = scene.extent();
    let (width, height) = (extent.width + 2.0 * MARGIN, extent.height + 2.0 * MARGIN);
    let (surface, raised, line) = (
        token("--surface-panel"),
        token("--surface-raised"),
        token("--grey-7"),
    );
    let (ink, faint, font) = (token("--ink"), token("--ink-faint"), token("--font-text"));
    let font = escaped(&font);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"{m} {m} {width} {height}\" font-family=\"{font}\">\
         <rect x=\"{m}\" y=\"{m}\" width=\"{width}\" height=\"{height}\" fill=\"{surface}\"/>\
         <path d=\"{}\" fill=\"none\" stroke=\"{line}\" stroke-width=\"1.5\"/>\
         <path d=\"{mapped}\" fill=\"none\" stroke=\"{line}\" stroke-width=\"5\"/>\
         <path d=\"{mapped}\" fill=\"none\" stroke=\"{surface}\" stroke-width=\"2.5\"/>\
         <path d=\"{}\" fill=\"{line}\"/>",
        scene.lines,
        scene.tips,
        m = -MARGIN,
        mapped = scene.mapped_lines,
    );
    for (task, rect) in scene.layout.boxes.iter().enumerate() {
        let words = words(task);
        let color = match words.state {
            Some(state) => token(&format!("--state-{state}")),
            None => line.clone(),
        };
        let room = rect.width - 26.0;
        let _ = write!(
            out,
            "<g transform=\"translate({} {})\"><title>{}</title>\
             <rect width=\"{}\" height=\"{}\" rx=\"6\" fill=\"{raised}\" stroke=\"{color}\"/>\
             <rect width=\"5\" height=\"{}\" rx=\"2.5\" fill=\"{color}\"/>\
             <text x=\"14\" y=\"{}\" font-size=\"13\" font-weight=\"550\" fill=\"{ink}\">{}</text>",
            rect.x,
            rect.y,
            escaped(&words.name),
            rect.width,
            rect.height,
            rect.height,
            if words.detail.is_empty() {
                rect.height / 2.0 + 4.5
            } else {
                22.0
            },
            escaped(&fitted(&words.name, 13.0 * look.letters, room)),
        );
        if !words.detail.is_empty() {
            let detail = escaped(&fitted(&words.detail, 12.0 * look.letters, room));
            let _ = write!(
                out,
                "<text x=\"14\" y=\"40\" font-size=\"12\" fill=\"{faint}\">{detail}</text>"
            );
        }
        out.push_str("</g>");
    }
    out.push_str("</svg>");
    (out, width, height)
}

/// Text as it may stand in XML. Names come from flows, which may put anything into them.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML, not even escaped.
            letter if letter < ' ' || "\u{fffe}\u{ffff}".contains(letter) => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Direction, GraphTask, TaskGraph};

    const LOOK: Look = Look {
        of_run: true,
        letters: 1.0,
    };

    fn picture(names: [&str; 2]) -> String {
        let id = |number: usize| format!("00000000-0000-0000-0000-{number:012}").parse().unwrap();
        let task = |(number, name): (usize, &&str)| GraphTask {
            id: id(number),
            name: (*name).to_owned(),
            title: (*name).to_owned(),
            slug: String::new(),
            task_type: String::new(),
            trigger: String::new(),
            max_retries: 0,
            mapped: false,
            is_helper: false,
        };
        let tasks = names.iter().enumerate().map(task).collect();
        let graph = TaskGraph::new(tasks, vec![(id(0), id(1), None, false)]);
        let scene = Scene::new(&graph, &[false; 2], LOOK, Some(Direction::Down));
        let words = |task: usize| Words {
            name: names[task].to_owned(),
            detail: "Success · 1 s".to_owned(),
            state: Some("success"),
        };
        svg(&scene, LOOK, words, &|token| format!("[{token}]")).0
    }

    #[test]
    fn it_holds_every_task_and_edge_with_the_colors_of_the_theme() {
        let picture = picture(["load", "sum"]);
        assert_eq!(picture.matches("<g ").count(), 2);
        assert!(picture.contains(">load</text>") && picture.contains(">sum</text>"));
        assert!(picture.contains("fill=\"[--state-success]\"") && picture.contains("<path d=\"M"));
        for outside in ["var(", "class=", "url(", "href"] {
            assert!(!picture.contains(outside), "it needs nothing else: {outside}");
        }
    }

    #[test]
    fn a_hostile_name_stays_text() {
        let picture = picture(["<script>alert(1)</script>", "a & \"b\"\u{1}\u{fffe}c\u{ffff}"]);
        assert!(!picture.contains("<script"), "{picture}");
        assert!(picture.contains("a &amp; &quot;b&quot;  c "));
        let is_allowed = |letter: char| letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}');
        assert!(picture.chars().all(is_allowed), "it is XML");
    }
}
