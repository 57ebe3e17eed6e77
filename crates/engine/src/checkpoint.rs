//! Checkpoints: results as files, so that a run that starts again need not do again what was done.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use flowdeck_vocabulary::State;
use serde_json::Value;

use crate::recorder::TaskRunKey;

/// The folder for the results of one flow run.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoints {
    folder: PathBuf,
}

impl Checkpoints {
    /// `<results folder>/<flow run>`; made when the first result is written.
    pub(crate) fn new(results_folder: &Path, flow_run: &str) -> Self {
        Self {
            folder: results_folder.join(file_name(flow_run)),
        }
    }

    /// Writes a result; answers where.
    pub(crate) fn write(&self, task_run: &TaskRunKey, value: &Value) -> io::Result<String> {
        let name = match task_run.map_index {
            Some(index) => format!("{}.{index}.json", file_name(&task_run.slug)),
            None => format!("{}.json", file_name(&task_run.slug)),
        };
        let path = self.folder.join(name);
        write_whole(&path, &serde_json::to_vec(value)?)?;
        Ok(path.to_string_lossy().into_owned())
    }
}

/// The result a finished state points to: whatever file of this machine it names, if there is JSON in it. An earlier
/// process may have kept its results in another folder, so where the file lies says nothing.
pub(crate) fn load(state: &State) -> Option<Value> {
    let location = state.other.get("_result")?.get("location")?.as_str()?;
    serde_json::from_slice(&fs::read(location).ok()?).ok()
}

/// Writes a file beside its place and moves it there, so that nobody ever reads half of it.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let half = path.with_extension(format!("{}.{count}.half", std::process::id()));
    fs::write(&half, content)?;
    fs::rename(&half, path)
}

/// A name that is safe as a file's: letters, digits, `-`, `_`; whatever else is spelled by its number.
fn file_name(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.chars()
        .map(|c| {
            if safe(c) {
                c.to_string()
            } else {
                format!("%{:x}", u32::from(c))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::states;
    use serde_json::json;

    #[test]
    fn a_result_comes_back_from_where_its_state_points() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::new(folder.path(), "run/../1");
        let key = TaskRunKey {
            slug: "größe-1".to_owned(),
            map_index: Some(2),
        };
        let location = checkpoints.write(&key, &json!({"n": 1})).unwrap();
        assert!(Path::new(&location).starts_with(folder.path()), "{location}");
        assert!(
            location.ends_with("run%2f%2e%2e%2f1/gr%f6%dfe-1.2.json"),
            "{location}"
        );
        assert_eq!(load(&states::success(Some(&location))), Some(json!({"n": 1})));
        assert_eq!(load(&states::success(None)), None);
        fs::remove_file(&location).unwrap();
        assert_eq!(load(&states::success(Some(&location))), None);
    }
}
