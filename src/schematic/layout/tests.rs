//! What every picture must hold, checked on flows of many shapes, and how it compares with another layout.

use super::*;

const CARD: Size = Size {
    width: 180.0,
    height: 48.0,
};

/// A small generator of numbers that are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

/// A flow without cycles: `count` tasks, each with up to `most` upstream tasks among the `reach` before it.
fn flow(seed: u64, count: usize, most: usize, reach: usize) -> Vec<(usize, usize)> {
    let mut numbers = Numbers(seed * 2 + 1);
    let mut edges = Vec::new();
    for to in 1..count {
        for _ in 0..numbers.below(most + 1) {
            edges.push((to - 1 - numbers.below(to.min(reach)), to));
        }
    }
    edges
}

fn cards(count: usize) -> Vec<Size> {
    vec![CARD; count]
}

/// Draws, and checks all that must hold of any picture of a flow without cycles.
fn check(sizes: &[Size], edges: &[(usize, usize)]) -> Layout {
    let picture = layout(sizes, edges, Direction::Down);
    assert_eq!(
        picture,
        layout(sizes, edges, Direction::Down),
        "the same flow gives the same picture"
    );
    stands_apart(&picture);
    for (rect, size) in picture.boxes.iter().zip(sizes) {
        assert_eq!((rect.width, rect.height), (size.width, size.height));
        assert!(
            rect.x >= 0.0 && rect.x + rect.width <= picture.width + 0.5,
            "{rect:?} within {}",
            picture.width
        );
        assert!(
            rect.y >= 0.0 && rect.y + rect.height <= picture.height + 0.5,
            "{rect:?} within {}",
            picture.height
        );
    }
    let mut expected: Vec<_> = edges.iter().copied().filter(|(from, to)| from != to).collect();
    expected.sort_unstable();
    expected.dedup();
    let drawn: Vec<_> = picture.lines.iter().map(|line| (line.from, line.to)).collect();
    assert_eq!(drawn, expected, "each edge is drawn once");
    for line in &picture.lines {
        let (from, to) = (picture.boxes[line.from], picture.boxes[line.to]);
        assert!(picture.layers[line.from] < picture.layers[line.to]);
        assert!(from.y + from.height < to.y, "downstream is below upstream");
        let ends = (line.points[0], *line.points.last().unwrap());
        assert_eq!(
            ends.0,
            Point {
                x: from.x + from.width / 2.0,
                y: from.y + from.height
            }
        );
        assert_eq!(
            ends.1,
            Point {
                x: to.x + to.width / 2.0,
                y: to.y
            }
        );
        assert_eq!(line.points.len() % 2, 0);
        assert!(
            line.points.windows(2).all(|pair| pair[0].y <= pair[1].y),
            "it never turns back"
        );
        for straight in line.points[1..line.points.len() - 1].chunks(2) {
            assert_eq!(straight[0].x, straight[1].x, "it passes a layer straight");
        }
    }
    picture
}

fn stands_apart(picture: &Layout) {
    let mut sorted: Vec<Rect> = picture.boxes.clone();
    sorted.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    for (index, a) in sorted.iter().enumerate() {
        for b in sorted[index + 1..].iter().take_while(|b| b.y < a.y + a.height) {
            assert!(
                a.x + a.width <= b.x || b.x + b.width <= a.x,
                "{a:?} overlaps {b:?}"
            );
        }
    }
}

/// How many pairs of edges cross between two layers, by where their ends stand.
fn crossings(x: &dyn Fn(usize) -> f64, layer: &dyn Fn(usize) -> i64, edges: &[(usize, usize)]) -> usize {
    let mut count = 0;
    for (index, &(a, b)) in edges.iter().enumerate() {
        for &(c, d) in &edges[index + 1..] {
            if layer(a) == layer(c) && (x(a) - x(c)) * (x(b) - x(d)) < 0.0 {
                count += 1;
            }
        }
    }
    count
}

#[test]
fn no_tasks_are_an_empty_picture() {
    assert_eq!(layout(&[], &[], Direction::Down), Layout::default());
}

#[test]
fn one_task_stands_in_the_corner() {
    let picture = check(&cards(1), &[]);
    assert_eq!(
        picture.boxes,
        [Rect {
            x: 0.0,
            y: 0.0,
            width: 180.0,
            height: 48.0
        }]
    );
    assert_eq!((picture.width, picture.height), (180.0, 48.0));
}

#[test]
fn a_row_of_tasks_is_one_straight_line() {
    let count = 5_000;
    let edges: Vec<_> = (1..count).map(|to| (to - 1, to)).collect();
    let picture = check(&cards(count), &edges);
    assert!(picture.boxes.iter().all(|rect| rect.x == 0.0));
}

#[test]
fn a_fan_of_two_thousand_is_centered_under_its_task() {
    let edges: Vec<_> = (1..=2_000).map(|to| (0, to)).collect();
    let picture = check(&cards(2_001), &edges);
    assert!((picture.boxes[0].x + 90.0 - picture.width / 2.0).abs() <= 110.0);
}

#[test]
fn all_connected_with_all_is_drawn() {
    let edges: Vec<_> = (0..60)
        .flat_map(|from| (60..120).map(move |to| (from, to)))
        .collect();
    check(&cards(120), &edges);
}

#[test]
fn a_diamond_stands_straight() {
    let picture = check(&cards(4), &[(0, 1), (0, 2), (1, 3), (2, 3)]);
    let middle = |task: usize| picture.boxes[task].x + 90.0;
    assert_eq!(middle(0), middle(3));
    assert_eq!(middle(0), f64::midpoint(middle(1), middle(2)));
}

#[test]
fn a_tree_has_no_crossing_and_parents_stand_over_their_children() {
    let edges: Vec<_> = (1..127).map(|to| ((to - 1) / 2, to)).collect();
    let picture = check(&cards(127), &edges);
    let middle = |task: usize| picture.boxes[task].x + 90.0;
    assert_eq!(crossings(&middle, &|task| picture.layers[task] as i64, &edges), 0);
    for task in 0..63 {
        let (left, right) = (middle(2 * task + 1), middle(2 * task + 2));
        assert!(
            (left.min(right)..=left.max(right)).contains(&middle(task)),
            "task {task}"
        );
    }
}

#[test]
fn a_parameter_stands_right_above_the_task_that_uses_it() {
    // 0 → 1 → 2 → 3, and 4 feeds only 3.
    let picture = check(&cards(5), &[(0, 1), (1, 2), (2, 3), (4, 3)]);
    assert_eq!(picture.layers, [0, 1, 2, 3, 2]);
}

#[test]
fn a_long_edge_is_straight_beside_what_it_passes() {
    let picture = check(&cards(5), &[(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]);
    let long = picture
        .lines
        .iter()
        .find(|line| (line.from, line.to) == (0, 4))
        .unwrap();
    let inner = &long.points[1..long.points.len() - 1];
    assert_eq!(inner.len(), 6);
    assert!(inner.iter().all(|point| point.x == inner[0].x));
}

#[test]
fn long_edges_of_a_task_share_their_way() {
    // 0 feeds the last of two rows of three tasks each.
    let edges = [(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 6), (0, 3), (0, 6)];
    let picture = check(&cards(7), &edges);
    let way = |to: usize| {
        let line = picture
            .lines
            .iter()
            .find(|line| (line.from, line.to) == (0, to))
            .unwrap();
        line.points[1..line.points.len() - 1].to_vec()
    };
    assert_eq!(way(3), way(6));
}

#[test]
fn parts_without_a_common_edge_stand_side_by_side() {
    let picture = check(&cards(8), &[(0, 1), (1, 2), (3, 4), (4, 5)]);
    assert_eq!(picture.boxes[0].y, picture.boxes[3].y);
    assert!(picture.boxes[0].x + 180.0 < picture.boxes[3].x);
    assert!(
        picture.boxes[6].y >= picture.boxes[2].y + 48.0,
        "what no edge touches stands below"
    );
}

#[test]
fn many_tasks_without_edges_fill_a_rectangle() {
    let picture = check(&cards(400), &[]);
    assert!(picture.width < picture.height * 3.0 && picture.height < picture.width * 3.0);
}

#[test]
fn a_cycle_is_drawn_with_one_edge_upwards() {
    let edges = [(0, 1), (1, 2), (2, 0), (3, 3), (2, 4), (7, 1), (0, 9)];
    let picture = layout(&cards(5), &edges, Direction::Down);
    stands_apart(&picture);
    let up: Vec<_> = picture
        .lines
        .iter()
        .filter(|line| picture.layers[line.from] >= picture.layers[line.to])
        .map(|line| (line.from, line.to))
        .collect();
    assert_eq!(up, [(2, 0)]);
    assert_eq!(picture.lines.len(), 4);
    let back = picture
        .lines
        .iter()
        .find(|line| (line.from, line.to) == (2, 0))
        .unwrap();
    assert!(back.points[0].y > back.points.last().unwrap().y);
}

#[test]
fn rings_of_any_length_end() {
    for length in [2, 3, 1_000] {
        let edges: Vec<_> = (0..length).map(|task| (task, (task + 1) % length)).collect();
        let picture = layout(&cards(length), &edges, Direction::Down);
        stands_apart(&picture);
        assert_eq!(picture.lines.len(), length);
    }
}

#[test]
fn flows_of_many_shapes_hold_what_they_must() {
    for seed in 0..60 {
        for (count, most, reach) in [
            (8, 2, 4),
            (30, 2, 30),
            (60, 1, 10),
            (60, 3, 6),
            (40, 8, 40),
            (25, 24, 25),
        ] {
            check(&cards(count), &flow(seed, count, most, reach));
        }
    }
}

#[test]
fn boxes_of_many_sizes_stand_apart() {
    let mut numbers = Numbers(77);
    for seed in 0..40 {
        let sizes: Vec<Size> = (0..50)
            .map(|_| Size {
                width: 2.0 * (20 + numbers.below(200)) as f64,
                height: 2.0 * (10 + numbers.below(60)) as f64,
            })
            .collect();
        check(&sizes, &flow(seed, 50, 2, 12));
    }
}

#[test]
fn a_thousand_random_tasks_hold_what_they_must() {
    check(&cards(1_000), &flow(1, 1_000, 3, 40));
    check(&cards(1_000), &flow(2, 1_000, 2, 1_000));
}

#[test]
fn too_many_long_edges_are_drawn_straight_across() {
    // Every task feeds the next, and each of 600 is connected with each later one: 179,700 edges.
    let edges: Vec<_> = (0..600)
        .flat_map(|from| (from + 1..600).map(move |to| (from, to)))
        .collect();
    let picture = check(&cards(600), &edges);
    assert_eq!(picture.lines.len(), 600 * 599 / 2);
}

#[test]
fn to_the_right_is_the_same_turned() {
    let edges = flow(5, 40, 2, 8);
    let turned: Vec<Size> = vec![
        Size {
            width: CARD.height,
            height: CARD.width
        };
        40
    ];
    let down = layout(&turned, &edges, Direction::Down);
    let right = layout(&cards(40), &edges, Direction::Right);
    assert_eq!(down.layers, right.layers);
    for line in &right.lines {
        let (from, to) = (right.boxes[line.from], right.boxes[line.to]);
        assert!(from.x + from.width < to.x);
        assert_eq!(
            line.points[0],
            Point {
                x: from.x + from.width,
                y: from.y + from.height / 2.0
            }
        );
        assert_eq!(
            *line.points.last().unwrap(),
            Point {
                x: to.x,
                y: to.y + to.height / 2.0
            }
        );
    }
    stands_apart(&right);
}

/// Layers of tasks, each with one to three upstream tasks in the layer above it: both layouts must use the same
/// layers then, and differ in the order only.
fn layered(seed: u64, layers: usize, width: usize) -> Vec<(usize, usize)> {
    let mut numbers = Numbers(seed * 2 + 1);
    let mut edges = Vec::new();
    let (mut first, mut count) = (0, 1);
    for _ in 1..layers {
        let next = first + count;
        let size = 2 + numbers.below(width - 1);
        for to in next..next + size {
            for _ in 0..=numbers.below(3) {
                edges.push((first + numbers.below(count), to));
            }
        }
        (first, count) = (next, size);
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

#[test]
fn fewer_edges_cross_than_in_another_layout() {
    use rust_sugiyama::configure::{Config, RankingType};
    let (mut ours, mut theirs) = (0, 0);
    for seed in 1..=60 {
        let edges = layered(seed, 7, 10);
        let count = edges.iter().map(|edge| edge.1).max().unwrap() + 1;
        let picture = check(&cards(count), &edges);
        let middle = |task: usize| picture.boxes[task].x + 90.0;
        ours += crossings(&middle, &|task| picture.layers[task] as i64, &edges);

        let numbered: Vec<(u32, u32)> = edges.iter().map(|&(a, b)| (a as u32, b as u32)).collect();
        let config = Config {
            ranking_type: RankingType::Up,
            ..Config::default()
        };
        let mut places = vec![(0.0, 0.0); count];
        for (part, _, _) in rust_sugiyama::from_edges(&numbered, &config) {
            for (task, place) in part {
                places[task] = place;
            }
        }
        theirs += crossings(&|task| places[task].0, &|task| places[task].1 as i64, &edges);
    }
    println!("crossings of 60 flows: {ours}, by rust-sugiyama: {theirs}");
    assert!(ours <= theirs, "{ours} crossings, {theirs} by rust-sugiyama");
}
