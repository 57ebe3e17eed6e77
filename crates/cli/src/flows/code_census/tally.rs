//! Counting: files, lines and bytes per language, added up and written as a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::languages::language;

/// Larger files hold data, not source.
const LARGEST: u64 = 8 * 1024 * 1024;

/// What was counted, by language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census(BTreeMap<String, Tally>);

/// The count of one language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tally {
    files: u64,
    lines: u64,
    bytes: u64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.files += other.files;
        self.lines += other.lines;
        self.bytes += other.bytes;
    }
}

impl Census {
    /// Counts one file. What is no text (it holds a zero byte) counts as `Binary`, without lines.
    pub fn count(&mut self, path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if bytes > LARGEST {
            self.0.entry("Binary".to_owned()).or_default().add(Tally {
                files: 1,
                lines: 0,
                bytes,
            });
            return Ok(());
        }
        let mut content = Vec::new();
        file.take(LARGEST).read_to_end(&mut content)?;
        let text = !content.contains(&0);
        let newlines = content.iter().filter(|byte| **byte == b'\n').count() as u64;
        let unended = u64::from(!content.is_empty() && content.last() != Some(&b'\n'));
        let (language, lines) = if text {
            (language(path), newlines + unended)
        } else {
            ("Binary", 0)
        };
        let bytes = content.len() as u64;
        self.0.entry(language.to_owned()).or_default().add(Tally {
            files: 1,
            lines,
            bytes,
        });
        Ok(())
    }

    /// Adds what another part has counted.
    pub fn add(&mut self, other: Census) {
        for (language, tally) in other.0 {
            self.0.entry(language).or_default().add(tally);
        }
    }

    /// One sentence for each language, most lines first.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.ranked().into_iter().map(|(language, tally)| {
            format!(
                "{language}: {} lines in {} files, {} bytes",
                tally.lines, tally.files, tally.bytes
            )
        })
    }

    /// A table in markdown, most lines first, with the totals.
    pub fn markdown(&self, path: &str) -> String {
        let mut text = format!("## Census of `{}`\n\n", path.replace('`', "'"));
        text.push_str("| language | files | lines | bytes |\n| --- | ---: | ---: | ---: |\n");
        let mut total = Tally::default();
        for (language, tally) in self.ranked() {
            total.add(*tally);
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "| {language} | {} | {} | {} |",
                tally.files, tally.lines, tally.bytes
            );
        }
        let _ = writeln!(
            text,
            "| **all** | **{}** | **{}** | **{}** |",
            total.files, total.lines, total.bytes
        );
        text
    }

    fn ranked(&self) -> Vec<(&String, &Tally)> {
        let mut ranked: Vec<_> = self.0.iter().collect();
        ranked.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.lines));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_with_and_without_a_break_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut census = Census::default();
        for (name, content) in [
            ("a.rs", &b"1\n2\n"[..]),
            ("b.rs", b"1\n2"),
            ("c.rs", b""),
            ("d.rs", b"\0\n"),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
            census.count(&folder.path().join(name)).unwrap();
        }
        let lines: Vec<_> = census.lines().collect();
        assert_eq!(
            lines,
            [
                "Rust: 4 lines in 3 files, 7 bytes",
                "Binary: 0 lines in 1 files, 2 bytes"
            ]
        );
        let table = census.markdown("/x");
        assert!(
            table.ends_with("| **all** | **4** | **4** | **9** |\n"),
            "{table}"
        );
    }
}
