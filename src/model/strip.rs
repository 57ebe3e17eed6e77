//! The whole run as one thin picture: how many task runs were at work at each moment, and how they ended.

use flowdeck_vocabulary::StateGroup;

use super::timeline::bars;
use super::{Span, TaskRuns};

/// How many moments are told apart.
pub const STRIP_COLUMNS: usize = 160;

/// What lies at the bottom of the strip, and what above it.
const ORDER: [StateGroup; 5] = [
    StateGroup::Failed,
    StateGroup::Cancelled,
    StateGroup::Success,
    StateGroup::Running,
    StateGroup::Pending,
];

/// How high a single task run is at least, in hundredths of the strip: two pixels.
const LOWEST: i32 = 7;

/// Each group of states with its outline, in a box of [`STRIP_COLUMNS`] by 100: as high as there were task runs at a
/// time of which the last state is of that group, where the most there ever were fill the box; never too low to be seen.
#[must_use]
pub fn strip(runs: &TaskRuns, span: Span, now: f64) -> Vec<(StateGroup, String)> {
    // Beginnings count up, ends count down.
    let mut changes = [[0_i32; STRIP_COLUMNS + 1]; ORDER.len()];
    for bar in runs.counted().flat_map(bars).filter(|bar| !bar.waits) {
        let first = column(span.share(bar.from)).min(STRIP_COLUMNS - 1);
        let end = column(span.share(bar.to.unwrap_or(now))).max(first + 1);
        let group = ORDER.iter().position(|group| *group == bar.state.group());
        let changes = &mut changes[group.unwrap_or(0)];
        changes[first] += 1;
        changes[end.min(STRIP_COLUMNS)] -= 1;
    }
    let counts = changes.map(|changes| {
        let mut count = 0;
        changes.map(|change| {
            count += change;
            count
        })
    });
    let column = |at: usize| counts.map(|counts| counts[at]);
    let most = (0..STRIP_COLUMNS).map(|at| column(at).iter().sum::<i32>()).max();
    let tops: Vec<_> = (0..STRIP_COLUMNS)
        .map(|at| tops(column(at), most.unwrap_or(0).max(1)))
        .collect();
    let mut outlines = Vec::new();
    for (place, group) in ORDER.into_iter().enumerate() {
        let edges = |at: usize| {
            let bottom = place.checked_sub(1).map_or(0, |below| tops[at][below]);
            (100 - tops[at][place], 100 - bottom)
        };
        let mut path = String::new();
        let mut at = 0;
        while at < STRIP_COLUMNS {
            let (top, bottom) = edges(at);
            let width = (at..STRIP_COLUMNS)
                .take_while(|next| edges(*next) == (top, bottom))
                .count();
            if top < bottom {
                path.push_str(&format!("M{at} {bottom}V{top}h{width}V{bottom}z"));
            }
            at += width;
        }
        if !path.is_empty() {
            outlines.push((group, path));
        }
    }
    outlines
}

/// How far up each group reaches in a column with these counts, where `most` fill it.
fn tops(counts: [i32; ORDER.len()], most: i32) -> [i32; ORDER.len()] {
    let mut below = 0;
    let mut heights = counts.map(|count| {
        let from = below;
        below += count;
        100 * below / most - 100 * from / most
    });
    for (height, count) in heights.iter_mut().zip(counts) {
        if count > 0 {
            *height = (*height).max(LOWEST);
        }
    }
    // The highest makes room for those that were raised.
    let spilled = heights.iter().sum::<i32>() - 100;
    if let Some(highest) = heights.iter_mut().max() {
        *highest -= spilled.max(0);
    }
    let mut top = 0;
    heights.map(|height| {
        top += height;
        top
    })
}

/// The column at a share of the whole width.
fn column(share: f64) -> usize {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let at = share * STRIP_COLUMNS as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what lies outside is moved to the edge"
    )]
    let column = at.max(0.0) as usize;
    column.min(STRIP_COLUMNS)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use flowdeck_vocabulary::StateType;

    use super::*;
    use crate::model::{TaskRun, TaskRunPage, Timestamp};

    fn run(number: u32, state: StateType, from: f64, to: Option<f64>) -> TaskRun {
        TaskRun {
            id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            task_id: format!("00000000-0000-0000-0000-{number:012}").parse().unwrap(),
            map_index: -1,
            task_name: "a".into(),
            task_slug: "a-1".into(),
            name: None,
            state,
            message: None,
            started_at: Some(Timestamp::from_millis(from)),
            ended_at: to.map(Timestamp::from_millis),
            retries: Vec::new(),
            updated_at: Timestamp::from_millis(0.0),
            version: 1,
        }
    }

    fn drawn(rows: Vec<TaskRun>, now: f64) -> Vec<(StateGroup, String)> {
        let page = TaskRunPage {
            rows,
            names: Arc::default(),
        };
        let span = Span {
            from: 0.0,
            to: 1600.0,
        };
        strip(&TaskRuns::default().with(page), span, now)
    }

    #[test]
    fn task_runs_at_one_time_lie_on_one_another() {
        let found = drawn(
            vec![
                run(1, StateType::Success, 0.0, Some(800.0)),
                run(2, StateType::Success, 400.0, Some(800.0)),
                run(3, StateType::Failed, 400.0, Some(1200.0)),
                run(4, StateType::Running, 1200.0, None),
            ],
            1600.0,
        );
        let part = |group, path: &str| (group, path.to_owned());
        assert_eq!(
            found,
            [
                part(StateGroup::Failed, "M40 100V67h80V100z"),
                part(StateGroup::Success, "M0 100V67h40V100zM40 67V0h40V67z"),
                part(StateGroup::Running, "M120 100V67h40V100z"),
            ]
        );
    }

    #[test]
    fn a_few_among_many_can_be_seen() {
        // Alone beside a peak of a thousand, and beside them.
        assert_eq!(tops([0, 0, 1, 0, 0], 1_000), [0, 0, LOWEST, LOWEST, LOWEST]);
        assert_eq!(tops([1, 0, 998, 1, 0], 1_000), [7, 7, 93, 100, 100]);
        assert_eq!(tops([0, 0, 1, 2, 0], 3), [0, 0, 33, 100, 100]);
        assert_eq!(tops([0; 5], 1), [0; 5]);
    }

    #[test]
    fn what_was_quick_can_be_seen_and_what_has_not_begun_is_not_there() {
        let mut early = run(2, StateType::Pending, 0.0, None);
        early.started_at = None;
        let found = drawn(
            vec![run(1, StateType::Success, 1599.0, Some(1599.5)), early],
            1600.0,
        );
        assert_eq!(found, [(StateGroup::Success, "M159 100V0h1V100z".to_owned())]);
        assert!(drawn(Vec::new(), 0.0).is_empty());
    }
}
