//! How quick the schematic is; only when `FLOWDECK_LAYOUTS` names the folder with the layouts (`cargo xtask bench` does).

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use serde_json::{Value, json};

use crate::harness::{Page, Stage};

const SIZES: [usize; 3] = [300, 1_000, 3_000];

/// A layout that would take longer than this, in milliseconds, if it grew with the square of the tasks, is not asked: it
/// would block the page for minutes, and the browser's driver waits no longer than one.
const PATIENCE_MS: f64 = 30_000.0;

/// A flow as people write them: every task waits for one to three of the thirty before it. The same in every run.
const GRAPH: &str = "
    window.graphOf = (count) => {
        let seed = 7;
        const random = (below) => { seed = (seed * 48271) % 2147483647; return seed % below; };
        const edges = [];
        for (let task = 1; task < count; task += 1) {
            const from = new Set();
            for (let n = 1 + random(3); n > 0; n -= 1) from.add(Math.max(0, task - 1 - random(30)));
            for (const other of from) edges.push([other, task]);
        }
        return edges;
    };";

/// Makes our module ready, from its glue and its bytes.
const OURS: &str = "
    const [glue, bytes] = arguments;
    window.ours = new Function(`${glue}; return wasm_bindgen;`)();
    await window.ours({ module_or_path: Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)) });
    return true;";

/// Milliseconds that one layout takes of a graph of so many tasks; the best of a few, so that the compiler has warmed up.
const MEASURE: &str = "
    const [who, count] = arguments;
    const edges = window.graphOf(count);
    const run = {
        ours: async () => window.ours.lay_out(count, Uint32Array.from(edges.flat())),
        dagre: async () => {
            const graph = new window.dagre.graphlib.Graph().setGraph({}).setDefaultEdgeLabel(() => ({}));
            for (let task = 0; task < count; task += 1) graph.setNode(String(task), { width: 200, height: 52 });
            for (const [from, to] of edges) graph.setEdge(String(from), String(to));
            window.dagre.layout(graph);
        },
        elkjs: async () => {
            const children = Array.from({ length: count }, (_, task) => ({ id: String(task), width: 200, height: 52 }));
            const layoutOptions = { 'elk.algorithm': 'layered', 'elk.direction': 'DOWN' };
            await new window.ELK().layout({
                id: 'root', layoutOptions, children,
                edges: edges.map(([from, to], n) => ({ id: `e${n}`, sources: [String(from)], targets: [String(to)] })),
            });
        },
    }[who];
    let best = Infinity;
    for (let round = 0; round < (who === 'ours' ? 5 : 2); round += 1) {
        const start = performance.now();
        await run();
        const took = performance.now() - start;
        best = Math.min(best, took);
        if (took > 1000) break;
    }
    return best;";

/// Notes the main thread's long tasks, from before the page draws anything.
const WATCH: &str = "
    window.long = [];
    new PerformanceObserver((list) => window.long.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: 'longtask', buffered: true });";

/// Drags the picture for two seconds, a step in each frame. Answers the milliseconds between frames.
const PAN: &str = "
    const canvas = document.querySelector('.schematic__svg');
    const at = (kind, x, y, buttons) => canvas.dispatchEvent(new PointerEvent(kind,
        { bubbles: true, pointerId: 1, pointerType: 'mouse', isPrimary: true, button: 0, buttons, clientX: x, clientY: y }));
    const frames = [];
    at('pointerdown', 700, 500, 1);
    await new Promise((done) => {
        let last = performance.now();
        const start = last;
        const step = (now) => {
            frames.push(now - last);
            last = now;
            const turn = (now - start) / 300;
            at('pointermove', 700 + 200 * Math.sin(turn), 500 + 120 * Math.sin(turn * 1.7), 1);
            if (now - start < 2000) requestAnimationFrame(step); else done();
        };
        requestAnimationFrame(step);
    });
    at('pointerup', 700, 500, 0);
    return frames.slice(1);";

#[test]
fn schematic_bench() {
    let Some(folder) = std::env::var_os("FLOWDECK_LAYOUTS").map(PathBuf::from) else {
        return;
    };
    let stage = Stage::with_args("schematic_bench", &["--no-agent"]);
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| writeln!(out, "{line}").expect("stdout");
    say(format!(
        "{:<8} {:>12} {:>20} {:>20}",
        "layout", "ours (ms)", "dagre (ms)", "elkjs (ms)"
    ));
    load(&stage.page, &folder);
    let (mut before, mut tasks_before) = ([0.0; 3], SIZES[0]);
    for count in SIZES {
        #[expect(clippy::cast_precision_loss, reason = "thousands")]
        let growth = (count as f64 / tasks_before as f64).powi(2);
        let took = [("ours", before[0]), ("dagre", before[1]), ("elkjs", before[2])].map(|(who, before)| {
            if before * growth > PATIENCE_MS {
                return f64::INFINITY;
            }
            let best = stage.page.execute(MEASURE, &[json!(who), json!(count)]);
            best.as_f64().expect("milliseconds")
        });
        assert!(took[0] > 0.0 && took[0].is_finite(), "ours laid it out");
        let beside = |other: f64| {
            if other.is_finite() {
                format!("{other:.0} ({:.0}×)", other / took[0])
            } else {
                "not waited for".to_owned()
            }
        };
        say(format!(
            "{count:<8} {:>12.1} {:>20} {:>20}",
            took[0],
            beside(took[1]),
            beside(took[2])
        ));
        (before, tasks_before) = (took, count);
    }
    say(format!(
        "{:<8} {:>14} {:>18} {:>16} {:>14}",
        "page", "shown (ms)", "longest task (ms)", "median frame", "worst frame"
    ));
    for count in SIZES {
        let flow = register(&stage, count);
        let page = &stage.page;
        page.goto(format!("/flow/{flow}?tab=schematic"));
        page.execute(WATCH, &[]);
        page.expect("the schematic is there", |page| {
            page.execute(
                "return document.querySelector('.schematic__line')?.getAttribute('d')?.length > 100",
                &[],
            ) == json!(true)
        });
        let shown = page
            .execute("return performance.now()", &[])
            .as_f64()
            .unwrap_or_default();
        let frames = page.execute(PAN, &[]);
        let mut frames: Vec<f64> = frames
            .as_array()
            .expect("frames")
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        frames.sort_by(f64::total_cmp);
        assert!(frames.len() > 2, "it was drawn while it moved: {frames:?}");
        let longest = page.execute("return Math.max(0, ...window.long)", &[]);
        say(format!(
            "{count:<8} {shown:>14.0} {:>18.0} {:>16.1} {:>14.1}",
            longest.as_f64().unwrap_or_default(),
            frames[frames.len() / 2],
            frames[frames.len() - 1],
        ));
    }
}

/// Brings the three layouts into one page.
fn load(page: &Page, folder: &Path) {
    let file =
        |name: &str| std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let text = |name: &str| String::from_utf8(file(name)).expect("a script is text");
    page.goto("/settings.json");
    page.execute(GRAPH, &[]);
    // As a page's own scripts they would be globals.
    for (name, global) in [("dagre.js", "dagre"), ("elk.js", "ELK")] {
        let script = text(name);
        let keep = format!("window.{global} ??= typeof {global} === 'undefined' ? undefined : {global};");
        page.execute(&format!("{script}\n;{keep}"), &[]);
        let known = page.execute(&format!("return typeof window.{global}"), &[]);
        assert_ne!(known, json!("undefined"), "{global} is loaded");
    }
    let bytes = base64::engine::general_purpose::STANDARD.encode(file("ours_bg.wasm"));
    page.execute(OURS, &[json!(text("ours.js")), json!(bytes)]);
}

/// Registers a flow with the graph that the layouts were measured with; answers its id.
fn register(stage: &Stage, count: usize) -> String {
    let edges = stage.page.execute(
        &format!("{GRAPH} return window.graphOf(arguments[0]);"),
        &[json!(count)],
    );
    let server = &stage.server;
    let project = server.graphql("{ project(limit: 1) { id } }", json!({}))["project"][0]["id"].clone();
    let flow = json!({ "name": format!("graph-{count}"), "type": "prefect.core.flow.Flow", "parameters": [], "__version__": "1.4.1" });
    let created = server.graphql(
        "mutation($flow: JSON!, $project: UUID!) { create_flow(input: {serialized_flow: $flow, project_id: $project}) { id } }",
        json!({ "flow": flow, "project": project }),
    );
    let id = created["create_flow"]["id"]
        .as_str()
        .expect("the flow's id")
        .to_owned();
    let slug = |task: usize| format!("load_part_{task}-1");
    let tasks: Vec<Value> = (0..count)
        .map(|task| json!({ "slug": slug(task), "name": format!("load_part_{task}"), "max_retries": 0 }))
        .collect();
    server.graphql(
        "mutation($flow: UUID!, $tasks: JSON!) { register_tasks(input: {flow_id: $flow, serialized_tasks: $tasks}) { success } }",
        json!({ "flow": id, "tasks": tasks }),
    );
    let place = |value: &Value| usize::try_from(value.as_u64().expect("a task")).expect("a task");
    let edges: Vec<Value> = edges
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| json!({ "upstream_task": slug(place(&edge[0])), "downstream_task": slug(place(&edge[1])), "key": null, "mapped": false }))
        .collect();
    server.graphql(
        "mutation($flow: UUID!, $edges: JSON!) { register_edges(input: {flow_id: $flow, serialized_edges: $edges}) { success } }",
        json!({ "flow": id, "edges": edges }),
    );
    id
}
