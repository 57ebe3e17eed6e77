//! Which language a file is written in, by the end of its name.

use std::path::Path;

/// Endings and what they mean. The first match counts.
const ENDINGS: [(&str, &str); 33] = [
    ("rs", "Rust"),
    ("py", "Python"),
    ("js", "JavaScript"),
    ("mjs", "JavaScript"),
    ("ts", "TypeScript"),
    ("tsx", "TypeScript"),
    ("go", "Go"),
    ("c", "C"),
    ("h", "C"),
    ("cpp", "C++"),
    ("hpp", "C++"),
    ("java", "Java"),
    ("kt", "Kotlin"),
    ("rb", "Ruby"),
    ("php", "PHP"),
    ("swift", "Swift"),
    ("cs", "C#"),
    ("sh", "Shell"),
    ("sql", "SQL"),
    ("graphql", "GraphQL"),
    ("html", "HTML"),
    ("css", "CSS"),
    ("scss", "CSS"),
    ("vue", "Vue"),
    ("md", "Markdown"),
    ("toml", "TOML"),
    ("yaml", "YAML"),
    ("yml", "YAML"),
    ("json", "JSON"),
    ("xml", "XML"),
    ("svg", "SVG"),
    ("txt", "Text"),
    ("lock", "Lock file"),
];

/// The language of a file, or `Other`.
pub fn language(file: &Path) -> &'static str {
    match file.file_name().and_then(|name| name.to_str()) {
        Some("Dockerfile") => return "Dockerfile",
        Some("Makefile") => return "Makefile",
        _ => {}
    }
    let ending = file
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_lowercase();
    ENDINGS
        .iter()
        .find(|(known, _)| *known == ending)
        .map_or("Other", |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_go_by_the_end_of_the_name() {
        for (file, expected) in [
            ("src/lib.rs", "Rust"),
            ("A.PY", "Python"),
            ("Makefile", "Makefile"),
            ("Cargo.lock", "Lock file"),
            ("LICENSE", "Other"),
        ] {
            assert_eq!(language(Path::new(file)), expected, "{file}");
        }
    }
}
