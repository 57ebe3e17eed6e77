//! Cached results: used again while they are fresh and the inputs are the same.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::checkpoint::write_whole;

/// The folder in the results folder that holds the cached ones.
pub(crate) const FOLDER: &str = "cache";

/// Results by key: in memory for this process, and in a folder for the next one.
pub(crate) struct Cache {
    memory: Arc<Mutex<HashMap<String, Entry>>>,
    folder: Option<PathBuf>,
}

/// A result that may be used again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) value: Value,
    pub(crate) expires: Timestamp,
    /// The file with the result, if it was written to one.
    pub(crate) location: Option<String>,
}

impl Cache {
    /// The cache all runs of this process share, and a folder for it to outlive the process.
    pub(crate) fn of_process(folder: Option<&Path>) -> Self {
        static MEMORY: OnceLock<Arc<Mutex<HashMap<String, Entry>>>> = OnceLock::new();
        let memory = Arc::clone(MEMORY.get_or_init(Arc::default));
        Self {
            memory,
            folder: folder.map(|folder| folder.join(FOLDER)),
        }
    }

    /// The entry under this key, if it is still fresh.
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Option<Entry> {
        let is_fresh = |entry: &Entry| entry.expires > now;
        let remembered = crate::lock(&self.memory).get(key).cloned();
        // Another process may have made a new one since.
        remembered
            .filter(is_fresh)
            .or_else(|| self.read(key).filter(is_fresh))
    }

    /// Keeps a result. A folder that cannot be written to costs only the next process's use of it.
    pub(crate) fn put(&self, key: &str, entry: Entry) {
        if let Some(path) = self.path(key)
            && let Ok(text) = serde_json::to_vec(&entry)
        {
            let _ = write_whole(&path, &text);
        }
        crate::lock(&self.memory).insert(key.to_owned(), entry);
    }

    fn read(&self, key: &str) -> Option<Entry> {
        read(&self.path(key)?)
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.folder
            .as_ref()
            .map(|folder| folder.join(format!("{key}.json")))
    }
}

fn read(file: &Path) -> Option<Entry> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

/// When the result in this file of the cache expires; `None` when it is no such file.
pub(crate) fn expiry(file: &Path) -> Option<Timestamp> {
    read(file).map(|entry| entry.expires)
}

/// The key of a result: whose it is, and the hash of its inputs.
pub(crate) fn key(owner: &str, inputs: &Map<String, Value>) -> String {
    hash(&format!("{owner}\n{}", canonical(Value::Object(inputs.clone()))))
}

/// A value as text, the same however the keys of its objects are ordered: a `HashMap` is written differently
/// each time.
fn canonical(mut value: Value) -> String {
    value.sort_all_objects();
    value.to_string()
}

/// The hash of a value, the same however the keys of its objects are ordered.
pub(crate) fn hash_of(value: Value) -> String {
    hash(&canonical(value))
}

/// SHA-256 of a text, in hexadecimal.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_entry_is_used_until_it_expires_also_by_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache {
            memory: Arc::default(),
            folder: Some(folder.path().to_owned()),
        };
        let entry = Entry {
            value: json!([1]),
            expires: at(10),
            location: None,
        };
        cache.put("k", entry.clone());
        assert_eq!(cache.get("k", at(9)), Some(entry.clone()));
        assert_eq!(cache.get("k", at(10)), None);
        assert_eq!(cache.get("other", at(9)), None);
        let next_process = Cache {
            memory: Arc::default(),
            folder: Some(folder.path().to_owned()),
        };
        assert_eq!(next_process.get("k", at(9)), Some(entry.clone()));
        let renewed = Entry {
            expires: at(20),
            ..entry
        };
        next_process.put("k", renewed.clone());
        assert_eq!(
            cache.get("k", at(10)),
            Some(renewed),
            "what the other has renewed"
        );
    }

    #[test]
    fn a_key_depends_on_owner_and_inputs_but_not_on_their_order() {
        let inputs = |json: Value| json.as_object().unwrap().clone();
        let first = key("flow/task", &inputs(json!({"a": 1, "b": 2})));
        assert_eq!(first, key("flow/task", &inputs(json!({"b": 2, "a": 1}))));
        let nested = |json: Value| key("flow/task", &inputs(json!({"list": [json]})));
        assert_eq!(
            nested(json!({"a": 1, "b": 2})),
            nested(json!({"b": 2, "a": 1})),
            "as hash maps are"
        );
        assert_ne!(first, key("flow/task", &inputs(json!({"a": 2, "b": 2}))));
        assert_ne!(first, key("flow/other", &inputs(json!({"a": 1, "b": 2}))));
    }
}
