//! Where the database is, as people write it: `sqlite:///path/to/flowdeck.db`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::StoreError;

/// Which database a server uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file. It and its folder are created when missing.
    File(PathBuf),
    /// A private temporary database that goes when the server does: for tests and trials.
    Memory,
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    /// Reads `sqlite:///absolute/path`, `sqlite://relative/path` or `sqlite::memory:`.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return Err(StoreError::new(
                "This version of Flowdeck does not run on Postgres yet. Use an SQLite database: \
                 --database-url sqlite:///path/to/flowdeck.db",
            ));
        }
        match text
            .strip_prefix("sqlite:")
            .map(|rest| rest.strip_prefix("//").unwrap_or(rest))
        {
            Some(":memory:") => Ok(Self::Memory),
            Some(path) if !path.is_empty() && !path.starts_with('?') => Ok(Self::File(path.into())),
            _ => Err(StoreError::new(format!(
                "The database URL '{text}' is not understood. Write sqlite:///path/to/flowdeck.db",
            ))),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "sqlite://{}", path.display()),
            Self::Memory => f.write_str("sqlite::memory:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_file_or_memory() {
        for (text, expected) in [
            (
                "sqlite:///var/lib/flowdeck.db",
                DatabaseUrl::File("/var/lib/flowdeck.db".into()),
            ),
            ("sqlite://flowdeck.db", DatabaseUrl::File("flowdeck.db".into())),
            ("sqlite:flowdeck.db", DatabaseUrl::File("flowdeck.db".into())),
            ("sqlite::memory:", DatabaseUrl::Memory),
            ("sqlite://:memory:", DatabaseUrl::Memory),
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn other_urls_are_refused_with_a_remedy() {
        for (text, part) in [
            ("postgres://localhost/flowdeck", "does not run on Postgres yet"),
            ("mysql://localhost", "'mysql://localhost' is not understood"),
            ("sqlite://", "'sqlite://' is not understood"),
            ("", "sqlite:///path/to/flowdeck.db"),
        ] {
            let message = text.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
