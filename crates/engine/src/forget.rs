//! Forgetting: results nobody will ask for any more are removed from the results folder.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::cache;

/// How long the results of a flow run are kept after the last one was written. A run that goes on later than
/// that (a person took a season to approve it) does its tasks again.
const RESULTS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How old a file has to be to count as left behind by a process that ended while it was writing.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_hours(24);

/// Removes from a results folder the results of flow runs of long ago, cached results that have expired, and
/// what was only half written. Whatever cannot be removed is left for the next time.
pub fn forget_old_results(results_folder: &Path, now: Timestamp) {
    let cache = results_folder.join(cache::FOLDER);
    for run in entries(results_folder).filter(|run| *run != cache) {
        if is_older(&run, RESULTS_KEPT, now) {
            let _ = fs::remove_dir_all(run);
        }
    }
    for file in entries(&cache) {
        let is_over = match file.extension().and_then(|extension| extension.to_str()) {
            Some("half") => is_older(&file, LEFT_BEHIND, now),
            _ => cache::expiry(&file).is_some_and(|expiry| expiry <= now),
        };
        if is_over {
            let _ = fs::remove_file(file);
        }
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// Whether nothing was written there for that long.
fn is_older(path: &Path, age: SignedDuration, now: Timestamp) -> bool {
    let written = fs::metadata(path).and_then(|metadata| metadata.modified());
    written
        .ok()
        .and_then(|at| Timestamp::try_from(at).ok())
        .is_some_and(|at| now.duration_since(at) > age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{Cache, Entry};
    use crate::checkpoint::Checkpoints;
    use crate::recorder::TaskRunKey;
    use crate::time::{SystemTime, TimeSource as _};
    use serde_json::json;

    #[test]
    fn results_are_kept_for_a_season_and_cached_ones_until_they_expire() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime.now();
        let key = TaskRunKey {
            slug: "t-1".to_owned(),
            map_index: None,
        };
        let checkpoints = Checkpoints::new(folder.path(), "run");
        let result = checkpoints.write(&key, &json!(1)).unwrap();
        let cache = Cache::of_process(Some(folder.path()));
        for (key, expires) in [("stale", now), ("fresh", Timestamp::MAX)] {
            let entry = Entry {
                value: json!(1),
                expires,
                location: None,
            };
            cache.put(key, entry);
        }
        fs::write(folder.path().join("cache/x.1.2.half"), "{").unwrap();
        let there = || {
            let mut names: Vec<_> = entries(&folder.path().join("cache"))
                .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
                .collect();
            names.sort();
            (names.join(" "), Path::new(&result).exists())
        };

        forget_old_results(folder.path(), now);
        assert_eq!(there(), ("fresh.json x.1.2.half".to_owned(), true));
        forget_old_results(folder.path(), now + SignedDuration::from_hours(89 * 24));
        assert_eq!(there(), ("fresh.json".to_owned(), true));
        forget_old_results(folder.path(), now + SignedDuration::from_hours(91 * 24));
        assert_eq!(there(), ("fresh.json".to_owned(), false));
    }
}
