//! Where Flowdeck keeps its data: one folder for the database, the agents' notes and the server's, results and run logs.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use crate::failure::Failure;

/// The data folder. Everything in it belongs to one user, so it is made readable for nobody else.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl fmt::Display for DataDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

impl DataDir {
    /// The folder given, or else the platform's place for an application's data
    /// (`~/.local/share/flowdeck` on Linux). Made, with mode 0700, if it is not there.
    pub fn open(given: Option<PathBuf>) -> Result<Self, Failure> {
        let path = given.or_else(usual).ok_or_else(|| {
            Failure::new("There is no home folder to keep data in. Name one with --data-dir.")
        })?;
        make_private(&path)?;
        let path = path.canonicalize().unwrap_or(path);
        Ok(Self(path))
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.0.join("flowdeck.db")
    }

    /// The note on whether the bundled flows have been registered.
    pub fn bundled_flows(&self) -> PathBuf {
        self.0.join("bundled-flows")
    }

    /// Where flow runs keep the results of their tasks.
    pub fn results(&self) -> Result<PathBuf, Failure> {
        self.folder("results")
    }

    /// Where flow runs write what they print.
    pub fn runs(&self) -> Result<PathBuf, Failure> {
        self.folder("runs")
    }

    /// Where an agent of this name notes which processes it has started.
    pub fn agent(&self, name: &str) -> Result<PathBuf, Failure> {
        let name: String = name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || c == '-' || c == '_' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        self.folder("agent")
            .map(|folder| folder.join(name))
            .and_then(|folder| {
                make_private(&folder)?;
                Ok(folder)
            })
    }

    fn folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.0.join(name);
        make_private(&path)?;
        Ok(path)
    }
}

/// Where the platform keeps an application's data, for a user who has a home.
fn usual() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "flowdeck").map(|dirs| dirs.data_dir().to_owned())
}

/// The help of `--data-dir`: what the folder is for, and which one it is when none is given.
pub fn help(purpose: &str) -> String {
    match usual() {
        Some(path) => format!("{purpose} [default: {}]", path.display()),
        None => purpose.to_owned(),
    }
}

fn make_private(path: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| {
        Failure::new(format!(
            "The data folder {} cannot be made ({error}). Name another with --data-dir.",
            path.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let temporary = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(temporary.path().join("a/b"))).unwrap();
        let mode = data.0.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let temporary = tempfile::NamedTempFile::new().unwrap();
        let error = DataDir::open(Some(temporary.path().join("below-a-file"))).unwrap_err();
        assert!(error.to_string().contains("below-a-file"), "{error}");
        assert!(error.to_string().contains("--data-dir"), "{error}");
    }
}
