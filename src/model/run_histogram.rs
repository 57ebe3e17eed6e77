//! The runs over time: how many began in each stretch of it, by group of states.

use std::ops::Range;
use std::time::Duration;

use flowdeck_vocabulary::{StateGroup, StateType};

use super::Timestamp;

/// Counts of one stretch, in the order of [`StateGroup::ALL`].
pub type GroupCounts = [usize; 5];

/// How many runs match a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct RunCounts {
    /// All that match.
    pub total: usize,
    /// Those of each group of states that would match if the filter said nothing of states.
    pub groups: GroupCounts,
    /// The same for each single state, where the server can tell.
    pub states: Vec<(StateType, usize)>,
    /// Those that match, over time; `None` when there are none or the server cannot tell.
    pub histogram: Option<RunHistogram>,
}

/// Equal stretches of time with the runs of each.
#[derive(Debug, Clone, PartialEq)]
pub struct RunHistogram {
    /// Where the first stretch begins.
    pub start: Timestamp,
    /// How long each stretch is.
    pub width: Duration,
    /// The counts of each stretch, the earliest first.
    pub buckets: Vec<GroupCounts>,
}

/// How long a stretch may be: what people divide time by.
const WIDTHS: [u64; 13] = [
    60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
];

impl RunHistogram {
    /// The most stretches there are.
    pub const MOST: u64 = 60;
    /// The least: a few runs within a minute are no wall from one side to the other.
    pub const LEAST: u64 = 24;

    /// The shortest stretch of which no more than [`Self::MOST`] cover this long a time.
    #[must_use]
    pub fn width_for(span: Duration) -> Duration {
        let seconds = span.as_secs();
        let fits = WIDTHS
            .into_iter()
            .find(|width| seconds.div_ceil(*width) <= Self::MOST);
        let days = seconds.div_ceil(Self::MOST).div_ceil(86_400);
        Duration::from_secs(fits.unwrap_or(days * 86_400))
    }

    /// An empty one from `start`, or earlier where these would be few stretches, to `end`, with stretches that begin at
    /// round times on a clock that is `offset` minutes ahead of UTC.
    #[must_use]
    pub fn covering(start: Timestamp, end: Timestamp, offset: i32) -> Self {
        let width = Self::width_for(end.since(start));
        let first = start.floor(width, offset);
        let count = end.since(first).as_secs() / width.as_secs() + 1;
        let missing = Self::LEAST.saturating_sub(count);
        Self {
            start: first.before(Duration::from_secs(missing * width.as_secs())),
            width,
            buckets: vec![GroupCounts::default(); usize::try_from(count + missing).unwrap_or(0)],
        }
    }

    /// Adds runs that began at a time; whether it lies within the stretches, otherwise nothing is added.
    pub fn add(&mut self, at: Timestamp, state: StateType, count: usize) -> bool {
        if at < self.start {
            return false;
        }
        let index = at.since(self.start).as_secs() / self.width.as_secs().max(1);
        let group = StateGroup::ALL.iter().position(|group| *group == state.group());
        let bucket = usize::try_from(index)
            .ok()
            .and_then(|index| self.buckets.get_mut(index));
        match (bucket, group) {
            (Some(bucket), Some(group)) => {
                bucket[group] += count;
                true
            }
            _ => false,
        }
    }

    /// Where the stretch of this number begins, and so where the one before it ends.
    #[must_use]
    pub fn time_of(&self, index: usize) -> Timestamp {
        self.start.after(
            self.width
                .saturating_mul(u32::try_from(index).unwrap_or(u32::MAX)),
        )
    }

    /// The time that these stretches cover: from, and up to but not with.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> (Timestamp, Timestamp) {
        (self.time_of(range.start), self.time_of(range.end))
    }

    /// The highest bar, in runs.
    #[must_use]
    pub fn highest(&self) -> usize {
        self.buckets
            .iter()
            .map(|bucket| bucket.iter().sum())
            .max()
            .unwrap_or(0)
    }

    /// The stretch under a point, given as its share of the whole width; outside is the nearest.
    #[must_use]
    pub fn index_at(&self, share: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of at most a few dozen stretches"
        )]
        let index = (share.clamp(0.0, 1.0) * self.buckets.len() as f64) as usize;
        index.min(self.buckets.len().saturating_sub(1))
    }
}

/// A bar's height in percent of the highest one. What is there is never too low to be seen.
#[must_use]
pub fn bar_height(count: usize, highest: usize) -> usize {
    match (count, highest) {
        (0, _) | (_, 0) => 0,
        _ => (count * 100 / highest).clamp(4, 100),
    }
}

/// The stretches from where a drag began to where it is, in either direction.
#[must_use]
pub fn dragged(from: usize, to: usize) -> Range<usize> {
    from.min(to)..from.max(to) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::flow_run::tests::at;

    #[test]
    fn stretches_are_what_people_divide_time_by_and_never_too_many() {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        assert_eq!(RunHistogram::width_for(hours(1)), Duration::from_secs(60));
        assert_eq!(RunHistogram::width_for(hours(24)), Duration::from_secs(1_800));
        assert_eq!(RunHistogram::width_for(hours(24 * 7)), hours(3));
        for span in [0, 59, 3_601, 90_000, 10_000_000, 4_000_000_000] {
            let width = RunHistogram::width_for(Duration::from_secs(span)).as_secs();
            assert!(span.div_ceil(width) <= RunHistogram::MOST, "{span} by {width}");
        }
    }

    #[test]
    fn stretches_begin_at_round_times_of_the_persons_clock() {
        let day = RunHistogram::covering(at("2026-11-01T10:17:03Z"), at("2026-11-24T10:17:03Z"), 330);
        assert_eq!(day.width, Duration::from_secs(43_200));
        assert_eq!(day.start, at("2026-11-01T06:30:00Z"));
        assert!(day.span(0..day.buckets.len()).1 > at("2026-11-24T10:17:03Z"));
    }

    #[test]
    fn a_short_time_is_the_end_of_a_longer_one() {
        let minute = RunHistogram::covering(at("2026-11-24T10:00:30Z"), at("2026-11-24T10:01:10Z"), 0);
        assert_eq!(minute.buckets.len(), 24);
        assert_eq!(
            minute.span(22..24),
            (at("2026-11-24T10:00:00Z"), at("2026-11-24T10:02:00Z"))
        );
    }

    #[test]
    fn a_run_counts_in_the_stretch_it_began_in() {
        let mut histogram = RunHistogram::covering(at("2026-11-24T10:00:00Z"), at("2026-11-24T10:29:00Z"), 0);
        assert_eq!(histogram.buckets.len(), 30);
        histogram.add(at("2026-11-24T10:00:00Z"), StateType::TimedOut, 2);
        histogram.add(at("2026-11-24T10:01:59Z"), StateType::Cached, 3);
        assert!(!histogram.add(at("2026-11-24T09:59:59Z"), StateType::Failed, 7));
        assert!(!histogram.add(at("2026-11-24T10:30:00Z"), StateType::Failed, 7));
        assert_eq!(histogram.buckets[0], [2, 0, 0, 0, 0]);
        assert_eq!(histogram.buckets[1], [0, 0, 0, 3, 0]);
        assert_eq!(histogram.highest(), 3);
        assert_eq!(
            histogram.span(1..3),
            (at("2026-11-24T10:01:00Z"), at("2026-11-24T10:03:00Z"))
        );
    }

    #[test]
    fn a_pointer_outside_means_the_nearest_stretch() {
        let histogram = RunHistogram::covering(at("2026-11-24T10:00:00Z"), at("2026-11-24T10:29:00Z"), 0);
        let indexes = [-1.0, 0.0, 0.17, 0.999, 1.0, 2.0].map(|share| histogram.index_at(share));
        assert_eq!(indexes, [0, 0, 5, 29, 29, 29]);
        assert_eq!(dragged(4, 2), 2..5);
        assert_eq!(dragged(3, 3), 3..4);
    }

    #[test]
    fn a_single_failure_among_thousands_is_seen() {
        assert_eq!(bar_height(1, 100_000), 4);
        assert_eq!(bar_height(0, 100_000), 0);
        assert_eq!(bar_height(0, 0), 0);
        assert_eq!(bar_height(50, 100), 50);
    }
}
