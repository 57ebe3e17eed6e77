//! The schematic's layout, the very files of the dashboard, as a module without the rest: what a browser measures beside
//! dagre and elkjs. Apart, so that the dashboard that people load carries nothing of it.

#[path = "../../../../src/schematic/layout/mod.rs"]
pub mod layout;
// All that the layout needs of the dashboard's model.
#[path = "../../../../src/model/direction.rs"]
pub mod model;
#[path = "../../../../src/sort.rs"]
pub mod sort;

use layout::Size;
use model::Direction;
use wasm_bindgen::prelude::wasm_bindgen;

/// Lays out so many boxes of 200 × 52 with these edges (upstream, downstream, upstream, …) from top to bottom. Answers
/// the picture's width and height.
#[wasm_bindgen]
#[must_use]
pub fn lay_out(boxes: usize, edges: &[u32]) -> Vec<f64> {
    let size = Size {
        width: 200.0,
        height: 52.0,
    };
    let edges: Vec<(usize, usize)> = edges
        .chunks_exact(2)
        .map(|edge| (edge[0] as usize, edge[1] as usize))
        .collect();
    let picture = layout::layout(&vec![size; boxes], &edges, Direction::Down);
    vec![picture.width, picture.height]
}
