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

/// Stretches of time with the runs of each: equal on the person's clock, so that a day is a day even when it has 25
/// hours.
#[derive(Debug, Clone, PartialEq)]
pub struct RunHistogram {
    /// Where each stretch begins, and at last where the last one ends.
    edges: Vec<Timestamp>,
    /// How long a stretch is on the clock.
    width: Duration,
    /// The counts of each stretch, the earliest first.
    pub buckets: Vec<GroupCounts>,
}

/// Stretches side by side that can be counted in one go, because they are equally long up to the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EqualStretches {
    /// Where the first one begins.
    pub from: Timestamp,
    /// Where the last one ends.
    pub to: Timestamp,
    /// How long each is; the last one may be longer or shorter where others follow.
    pub width: Duration,
}

/// How long a stretch may be: what people divide time by.
const WIDTHS: [u64; 13] = [
    60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
];

/// Up to here stretches are equally long, whatever the clock shows: it is put forward and back by no more.
const LONGEST_EQUAL: Duration = Duration::from_hours(1);

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
    /// round times on the person's clock. `offset` is how many minutes that is ahead of UTC at a time.
    #[must_use]
    pub fn covering(start: Timestamp, end: Timestamp, offset: impl Fn(Timestamp) -> i32) -> Self {
        let width = Self::width_for(end.since(start));
        let on_clock = |time: Timestamp| time.ahead(offset(time));
        let first = on_clock(start).floor(width, 0);
        let count = on_clock(end).since(first).as_secs() / width.as_secs() + 1;
        let missing = Self::LEAST.saturating_sub(count);
        let back = Duration::from_secs(missing * width.as_secs());
        let steps = u32::try_from(count + missing).unwrap_or(0);
        let edges = if width <= LONGEST_EQUAL {
            // A clock that is put back shows some hours twice; stretches this short are there for both.
            let from = start.floor(width, offset(start)).before(back);
            let elapsed = u32::try_from(end.since(from).as_secs() / width.as_secs() + 1).unwrap_or(0);
            (0..=elapsed).map(|step| from.after(width * step)).collect()
        } else {
            let from = first.before(back);
            let edges = (0..=steps).map(|step| Timestamp::of_clock(from.after(width * step), &offset));
            let mut edges: Vec<_> = edges.collect();
            edges.dedup();
            // Runs that come later are noticed in a stretch after the last, which is counted with it: it must be equal.
            let mut next = steps;
            while edges
                .windows(2)
                .last()
                .is_some_and(|pair| pair[1].since(pair[0]) != width)
            {
                next += 1;
                edges.push(Timestamp::of_clock(from.after(width * next), &offset));
            }
            edges
        };
        Self::between(edges, width)
    }

    fn between(edges: Vec<Timestamp>, width: Duration) -> Self {
        Self {
            width,
            buckets: vec![GroupCounts::default(); edges.len().saturating_sub(1)],
            edges,
        }
    }

    /// The stretches in as few rows of equal ones as there are.
    #[must_use]
    pub fn equal_stretches(&self) -> Vec<EqualStretches> {
        let mut all: Vec<EqualStretches> = Vec::new();
        let mut is_open = false;
        for pair in self.edges.windows(2) {
            match all.last_mut().filter(|_| is_open) {
                Some(last) => last.to = pair[1],
                None => all.push(EqualStretches {
                    from: pair[0],
                    to: pair[1],
                    width: self.width,
                }),
            }
            is_open = pair[1].since(pair[0]) == self.width;
        }
        all
    }

    /// Adds runs that began at a time, or in a stretch that begins at it; whether it lies within the stretches, otherwise
    /// nothing is added.
    pub fn add(&mut self, at: Timestamp, state: StateType, count: usize) -> bool {
        let begun = self.edges.partition_point(|edge| *edge <= at);
        let group = StateGroup::ALL.iter().position(|group| *group == state.group());
        let bucket = begun.checked_sub(1).and_then(|index| self.buckets.get_mut(index));
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
        let edge = self.edges.get(index).or(self.edges.last());
        edge.copied().unwrap_or(Timestamp::EARLIEST)
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
        let day = RunHistogram::covering(at("2026-11-01T10:17:03Z"), at("2026-11-24T10:17:03Z"), |_| 330);
        assert_eq!(day.width, Duration::from_secs(43_200));
        assert_eq!(day.time_of(0), at("2026-11-01T06:30:00Z"));
        assert!(day.span(0..day.buckets.len()).1 > at("2026-11-24T10:17:03Z"));
    }

    /// Berlin: two hours ahead of UTC up to October 25, 2026, 01:00 UTC, one hour from then to March 28, 2027.
    fn berlin(time: Timestamp) -> i32 {
        match (
            time < at("2026-10-25T01:00:00Z"),
            time < at("2027-03-28T01:00:00Z"),
        ) {
            (false, true) => 60,
            _ => 120,
        }
    }

    /// What Berlin's clock shows at each edge.
    fn shown(histogram: &RunHistogram) -> Vec<[i64; 6]> {
        let edges = histogram.edges.iter();
        edges.map(|edge| edge.on_clock(berlin(*edge))).collect()
    }

    #[test]
    fn a_day_begins_at_midnight_before_and_after_the_clocks_are_changed() {
        for (from, to, width) in [
            ("2026-10-01T10:00:00Z", "2026-11-20T10:00:00Z", 86_400),
            ("2027-03-01T10:00:00Z", "2027-04-20T10:00:00Z", 86_400),
            ("2026-10-19T10:00:00Z", "2026-10-26T10:00:00Z", 10_800),
            ("2026-09-20T10:00:00Z", "2026-10-25T10:00:00Z", 86_400),
            ("2026-05-01T10:00:00Z", "2027-05-20T10:00:00Z", 604_800),
        ] {
            let mut histogram = RunHistogram::covering(at(from), at(to), berlin);
            assert_eq!(histogram.width.as_secs(), width, "{from}");
            for [.., hour, minute, second] in shown(&histogram) {
                let of_day = hour * 3_600 + minute * 60 + second;
                assert_eq!(
                    of_day % i64::try_from(width.min(86_400)).unwrap(),
                    0,
                    "{from}: {hour}:{minute}"
                );
            }
            assert!(histogram.time_of(0) <= at(from) && histogram.time_of(usize::MAX) > at(to));
            // Each stretch of the server's, counted in rows of equal ones, lies in one of ours, and all are counted once.
            let mut counted = 0;
            for row in histogram.equal_stretches() {
                let mut since = row.from;
                while since < row.to {
                    assert!(histogram.add(since, StateType::Success, 1));
                    since = since.after(row.width);
                    counted += 1;
                }
            }
            let rows = histogram.equal_stretches();
            let last = histogram
                .edges
                .windows(2)
                .last()
                .map(|pair| pair[1].since(pair[0]));
            assert_eq!(last, Some(histogram.width));
            assert!(rows.windows(2).all(|pair| pair[0].to == pair[1].from), "{rows:?}");
            assert_eq!(histogram.buckets.iter().flatten().sum::<usize>(), counted);
            assert!(
                histogram
                    .buckets
                    .iter()
                    .all(|bucket| bucket.iter().sum::<usize>() >= 1)
            );
        }
        // The day with 25 hours.
        let mut october =
            RunHistogram::covering(at("2026-10-01T10:00:00Z"), at("2026-11-20T10:00:00Z"), berlin);
        assert_eq!(october.equal_stretches().len(), 2);
        let day = (0..50)
            .map(|index| october.span(index..index + 1))
            .find(|(from, _)| *from == at("2026-10-24T22:00:00Z"));
        assert_eq!(
            day,
            Some((at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z")))
        );
        assert!(october.add(at("2026-10-25T22:59:59Z"), StateType::Failed, 1));
        assert!(october.add(at("2026-10-25T23:00:00Z"), StateType::Failed, 2));
        assert_eq!(october.buckets[24..26], [[1, 0, 0, 0, 0], [2, 0, 0, 0, 0]]);
    }

    #[test]
    fn an_hour_that_is_there_twice_has_two_stretches() {
        let night = RunHistogram::covering(at("2026-10-24T20:00:00Z"), at("2026-10-25T10:00:00Z"), berlin);
        assert_eq!(night.width, Duration::from_mins(15));
        assert_eq!(night.equal_stretches().len(), 1);
        assert!(night.time_of(usize::MAX) > at("2026-10-25T10:00:00Z"));
    }

    #[test]
    fn a_short_time_is_the_end_of_a_longer_one() {
        let minute = RunHistogram::covering(at("2026-11-24T10:00:30Z"), at("2026-11-24T10:01:10Z"), |_| 0);
        assert_eq!(minute.buckets.len(), 24);
        assert_eq!(
            minute.span(22..24),
            (at("2026-11-24T10:00:00Z"), at("2026-11-24T10:02:00Z"))
        );
    }

    #[test]
    fn a_run_counts_in_the_stretch_it_began_in() {
        let mut histogram =
            RunHistogram::covering(at("2026-11-24T10:00:00Z"), at("2026-11-24T10:29:00Z"), |_| 0);
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
        let histogram = RunHistogram::covering(at("2026-11-24T10:00:00Z"), at("2026-11-24T10:29:00Z"), |_| 0);
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
