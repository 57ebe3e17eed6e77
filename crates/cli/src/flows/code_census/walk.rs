//! Walking a folder: which files there are, within bounds, in a fixed order.

use std::fs;
use std::path::Path;

/// Folders that hold what programs have made, not people.
const LEFT_OUT: [&str; 6] = [".git", "target", "node_modules", "dist", ".venv", "__pycache__"];
/// At most so many files: enough for any project, and a bound for `/`.
const MOST_FILES: usize = 20_000;
/// At most so deep.
const DEEPEST: usize = 40;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Names relative to the folder, in alphabetical order of their folders.
    pub files: Vec<String>,
    /// Whether there are more than were listed.
    pub more: bool,
}

/// The files below a folder. Links are not followed; what cannot be read is left out.
pub fn walk(folder: &Path) -> Found {
    let mut found = Found::default();
    visit(folder, "", 0, &mut found);
    found
}

fn visit(folder: &Path, prefix: &str, depth: usize, found: &mut Found) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if found.files.len() >= MOST_FILES {
            found.more = true;
            return;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && (depth == DEEPEST || LEFT_OUT.contains(&name.as_str())) => {}
            Ok(kind) if kind.is_dir() => {
                visit(&entry.path(), &format!("{prefix}{name}/"), depth + 1, found);
            }
            Ok(kind) if kind.is_file() => found.files.push(format!("{prefix}{name}")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_have_made_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["b.rs", "a/c.rs", "target/d.rs", ".git/e"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = walk(folder.path());
        assert_eq!(found.files, ["a/c.rs", "b.rs"]);
        assert!(!found.more);
    }
}
