//! Decides whether something must be built again, by the content of what it is built from.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::failure::{Context, Result};

/// A number that changes when any of `inputs` (files or folders) changes its content, name or place.
///
/// Contents rather than modification times: a `git checkout` there and back must not cost a build. The sources of the
/// dashboard are about a megabyte, which takes milliseconds.
pub fn fingerprint(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        file.strip_prefix(root).unwrap_or(file).hash(&mut hasher);
        std::fs::read(file)
            .context(format!("read {}", file.display()))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files below `path`, or `path` itself; what does not exist counts as empty.
pub fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in std::fs::read_dir(path).context(format!("list {}", path.display()))? {
            collect(&entry.context(format!("list {}", path.display()))?.path(), files)?;
        }
    }
    Ok(())
}

/// Remembers from which inputs something was built.
pub struct Stamp {
    path: PathBuf,
}

impl Stamp {
    /// The stamp called `name` in `notes` (see `workspace::notes_dir`).
    pub fn new(notes: &Path, name: &str) -> Self {
        Self {
            path: notes.join(format!("{name}.stamp")),
        }
    }

    /// Whether the last finished build was made from exactly this.
    pub fn matches(&self, fingerprint: &str) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|known| known == fingerprint)
    }

    /// Forgets the last build; called before a build starts, so that an interrupted one is not taken for finished.
    pub fn clear(&self) {
        // A stamp that is not there is as good as one removed.
        let _ = std::fs::remove_file(&self.path);
    }

    /// Says that a build from this is finished.
    pub fn set(&self, fingerprint: &str) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).context(format!("create {}", folder.display()))?;
        }
        std::fs::write(&self.path, fingerprint).context(format!("write {}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_name_and_place_count_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let of = |inputs: &[&str]| fingerprint(folder.path(), inputs).unwrap();
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("src/a.rs"), "one").unwrap();
        let first = of(&["src", "missing.toml"]);

        std::fs::write(folder.path().join("src/a.rs"), "one").unwrap();
        assert_eq!(
            of(&["src", "missing.toml"]),
            first,
            "written again with the same content"
        );
        std::fs::write(folder.path().join("src/a.rs"), "two").unwrap();
        assert_ne!(of(&["src", "missing.toml"]), first, "another content");
        std::fs::rename(folder.path().join("src/a.rs"), folder.path().join("src/b.rs")).unwrap();
        std::fs::write(folder.path().join("src/b.rs"), "one").unwrap();
        assert_ne!(of(&["src", "missing.toml"]), first, "another name");
    }

    #[test]
    fn a_cleared_stamp_matches_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::new(&folder.path().join("notes"), "dashboard");
        assert!(!stamp.matches("1"));
        stamp.set("1").unwrap();
        assert!(stamp.matches("1") && !stamp.matches("2"));
        stamp.clear();
        assert!(!stamp.matches("1"));
    }
}
