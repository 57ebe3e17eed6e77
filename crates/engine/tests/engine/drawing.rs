//! Drawings: DOT and SVG, with hostile names and with states.

use flowdeck_engine::{Drawing, Flow, StateType, task};

use crate::harness::ending;

#[task]
fn half(x: i64) -> Result<i64, String> {
    if x % 2 == 0 {
        Ok(x / 2)
    } else {
        Err("odd".to_owned())
    }
}

fn flow() -> Flow {
    Flow::build("draw", |flow| {
        let halves = half::map(flow, vec![2, 3, 4]);
        ending(flow, "<b> & \"q\"", "ok").after(&halves);
    })
    .unwrap()
}

#[test]
fn dot_names_tasks_edges_and_states() {
    let flow = flow();
    assert_eq!(
        flow.visualize(),
        "digraph \"draw\" {\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  \
         \"half-1\" [label=\"half [mapped]\"];\n  \"<b> & \\\"q\\\"-1\" [label=\"<b> & \\\"q\\\"\"];\n  \
         \"half-1\" -> \"<b> & \\\"q\\\"-1\" [];\n}\n"
    );
    let run = flow.run().unwrap();
    let dot = Drawing::of(&flow).with_states(&run).dot();
    assert!(dot.contains("half [mapped]\\n2 of 3 succeeded"), "{dot}");
    assert!(
        dot.contains(&format!("fillcolor=\"{}80\"", StateType::Failed.color())),
        "{dot}"
    );
}

#[test]
fn svg_escapes_names_and_shows_states() {
    let flow = flow();
    let run = flow.run().unwrap();
    let svg = Drawing::of(&flow).with_states(&run).svg();
    assert!(
        svg.contains("&lt;b&gt; &amp; &quot;q&quot;") && !svg.contains("<b>"),
        "{svg}"
    );
    assert!(
        svg.contains("2 of 3 succeeded") && svg.contains("TriggerFailed"),
        "{svg}"
    );
    assert_eq!(svg.matches("<rect").count(), 2);
    assert_eq!(svg.matches("marker-end").count(), 1);
}
