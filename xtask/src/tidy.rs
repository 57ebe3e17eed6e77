//! House rules that a program can check: they run as unit tests of xtask, each named for its rule.

use std::path::{Path, PathBuf};

use crate::freshness::collect;
use crate::workspace::root;

/// Where our own sources lie; a folder that is not there yet counts as empty.
const SOURCES: [&str; 5] = ["src", "crates", "xtask/src", "tests", "examples"];
/// A file with more lines than this, its tests left out, has a reason, or is split.
const LONG: usize = 600;
/// The long files, each with its reason.
const LONG_FILES: [(&str, &str); 1] = [(
    "src/model/parameter_draft.rs",
    "one draft: what is typed for a parameter is read, checked and written back by the same rules",
)];

/// What no module below the pages may know of.
const TOP: [&str; 3] = ["app", "pages", "shell"];
/// The large views: made of components, and shown by pages and by the frame around them.
const VIEWS: [&str; 3] = ["logs", "palette", "schematic"];

/// What a module of the dashboard may not know of: imports point one way.
const FORBIDDEN_IMPORTS: [(&str, &[&[&str]]); 10] = [
    (
        "src/ui/",
        &[&TOP, &VIEWS, &["api", "components", "model", "resources"]],
    ),
    ("src/components/", &[&TOP, &VIEWS, &["api"]]),
    ("src/logs/", &[&TOP, &["api", "palette", "schematic"]]),
    ("src/palette/", &[&TOP, &["api", "logs", "schematic"]]),
    ("src/schematic/", &[&TOP, &["api", "logs", "palette"]]),
    ("src/pages/", &[&["api", "app", "palette", "shell"]]),
    ("src/resources/", &[&TOP, &VIEWS, &["components", "ui"]]),
    ("src/api/", &[&TOP, &VIEWS, &["components", "resources", "ui"]]),
    (
        "src/model/",
        &[&TOP, &VIEWS, &["api", "components", "resources", "ui"]],
    ),
    (
        "src/format.rs",
        &[&TOP, &VIEWS, &["api", "components", "resources", "ui"]],
    ),
];

/// A source file: its path below the root, and its text.
type File = (String, String);

fn files(folders: &[&str], extension: &str) -> Vec<File> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut paths).unwrap();
    }
    paths.retain(|path| path.extension().is_some_and(|found| found == extension) && !is_generated(path));
    paths.sort();
    paths
        .iter()
        .map(|path| (below_root(path), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn is_generated(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "target")
}

fn below_root(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .to_string_lossy()
        .into_owned()
}

/// Fails with every offender at once, `file:line: text`.
fn refuse(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

/// The lines of `files` for which `is_bad` holds, comments left out.
fn lines_where(files: &[File], is_bad: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            if !line.trim_start().starts_with("//") && is_bad(path, line) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let silent: Vec<String> = files(&SOURCES, "rs")
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    refuse(
        "the first line of a file is `//!` and one sentence for a newcomer",
        &silent,
    );
}

#[test]
fn imports_of_the_dashboard_point_one_way() {
    let against = lines_where(&files(&["src"], "rs"), |path, line| {
        FORBIDDEN_IMPORTS
            .iter()
            .filter(|(folder, _)| path.starts_with(folder))
            .any(|(_, forbidden)| {
                forbidden.iter().copied().flatten().any(|module| {
                    let named = format!("crate::{module}");
                    line.match_indices(&named).any(|(at, _)| {
                        !line[at + named.len()..]
                            .starts_with(|next: char| next.is_alphanumeric() || next == '_')
                    })
                })
            })
    });
    refuse(
        "ui ← components ← logs, palette, schematic ← pages, model ← api ← resources ← pages (see src/lib.rs)",
        &against,
    );
}

#[test]
fn lists_and_conditions_are_those_that_are_compiled_once() {
    let own_copy = lines_where(&files(&["src"], "rs"), |_, line| {
        let is_tag = |tag: &str| {
            line.match_indices(tag)
                .any(|(at, _)| !line[at + tag.len()..].starts_with(|next: char| next.is_alphanumeric()))
        };
        is_tag("<For") || is_tag("<Show") || is_bare_closure(line)
    });
    refuse(
        "lists are `Each`, conditions `Only`, a closure that is a component's whole view is `live` (src/ui/)",
        &own_copy,
    );
}

#[test]
fn tables_that_the_browser_has_stay_out_of_the_module() {
    let own_table = lines_where(&files(&["src"], "rs"), |path, line| {
        let is_case = line.contains(".to_lowercase()") || line.contains(".to_uppercase()");
        is_case && path != "src/lowercase.rs" && path != "src/logs/search.rs"
    });
    refuse(
        "letters without case are `lowercase` (src/lowercase.rs), or `to_ascii_lowercase`",
        &own_table,
    );
}

/// Whether a line begins a closure that is the value of a function.
fn is_bare_closure(line: &str) -> bool {
    line.strip_prefix("    move || ")
        .is_some_and(|body| body.ends_with('{'))
}

#[test]
fn rust_names_no_color() {
    // What the style sheets may name, the dashboard's own tests check.
    let literal = lines_where(&files(&["src"], "rs"), |path, line| {
        path != "src/house_rules.rs" && has_color(line)
    });
    refuse("a color is a variable of style/tokens.css", &literal);
}

#[test]
fn addresses_of_pages_have_one_home() {
    // The router needs them as patterns, known to the compiler: the one table in app.rs.
    let spelled = lines_where(&files(&["src"], "rs"), |path, line| {
        !["src/routes.rs", "src/app.rs"].contains(&path)
            && ["\"/flow", "\"/project", "\"/task-run", "\"/runs", "\"/agents"]
                .iter()
                .any(|url| line.contains(url))
    });
    refuse("a URL is printed by `Route`", &spelled);
}

#[test]
fn timers_of_the_dashboard_have_one_home() {
    let timers = lines_where(&files(&["src"], "rs"), |path, line| {
        !path.starts_with("src/resources/") && (line.contains("gloo_timers") || line.contains("set_interval"))
    });
    refuse("whatever ticks lies in src/resources/", &timers);
}

#[test]
fn sql_is_written_where_the_database_is_spoken_to() {
    let homes =
        ["src/store/", "src/graphql/", "tests/", "benches/"].map(|home| format!("crates/server/{home}"));
    let words = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE "];
    let sql = lines_where(&files(&["src", "crates"], "rs"), |path, line| {
        !homes.iter().any(|home| path.starts_with(home)) && words.iter().any(|word| line.contains(word))
    });
    refuse(
        "the rest of the server calls its store, and everybody else asks the API",
        &sql,
    );
}

#[test]
fn every_dependency_has_a_sentence() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let dependencies = manifest.split("[workspace.dependencies]").nth(1).unwrap();
    let dependencies = dependencies.lines().take_while(|line| !line.starts_with('['));
    let names = dependencies.filter_map(|line| Some(line.split_once(" = ")?.0));
    let words: Vec<&str> = architecture
        .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .collect();
    let silent: Vec<String> = names
        .filter(|name| !name.starts_with("flowdeck-") && !words.contains(name))
        .map(str::to_owned)
        .collect();
    refuse("ARCHITECTURE.md says why it, and not the runner-up", &silent);
}

#[test]
fn no_test_is_left_out() {
    let ignored = lines_where(&files(&SOURCES, "rs"), |_, line| {
        line.trim().starts_with(concat!("#[ign", "ore"))
    });
    refuse("a test that does not run protects nothing", &ignored);
}

#[test]
fn long_files_are_named() {
    let without_tests = |text: &str| {
        text.split("mod tests {")
            .next()
            .map_or(0, |code| code.lines().count())
    };
    let long: Vec<(String, usize)> = files(&SOURCES, "rs")
        .into_iter()
        .map(|(path, text)| (path, without_tests(&text)))
        .filter(|(_, lines)| *lines > LONG)
        .collect();
    let is_named = |path: &str| LONG_FILES.iter().any(|(named, _)| *named == path);
    let unnamed = long.iter().filter(|(path, _)| !is_named(path));
    let unnamed: Vec<String> = unnamed
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    refuse(
        "a file this long is split, or has a reason in LONG_FILES",
        &unnamed,
    );
    let is_long = |named: &str| long.iter().any(|(path, _)| path == named);
    let short = LONG_FILES.iter().map(|(named, _)| (*named).to_owned());
    let short: Vec<String> = short.filter(|named| !is_long(named)).collect();
    refuse("a file that is not long any more needs no reason", &short);
}

/// `#1a2b3c`, `rgb(…)`, `hsl(…)`, `oklch(…)`; an id selector or a fragment (`#main`) is none.
fn has_color(line: &str) -> bool {
    let function = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab("]
        .iter()
        .any(|name| line.contains(name));
    let hex = line.split('#').skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let ends =
            !rest[digits..].starts_with(|next: char| next.is_alphanumeric() || next == '-' || next == '_');
        matches!(digits, 3 | 4 | 6 | 8) && ends
    });
    function || hex
}

#[test]
fn colors_are_recognized() {
    for color in [
        "color: #fff;",
        "background: #1a2b3c80",
        "fill: rgb(1 2 3)",
        "oklch(0.5 0.1 200)",
    ] {
        assert!(has_color(color), "{color}");
    }
    for other in [
        "#main { color: var(--ink) }",
        "href=\"#add_one\"",
        "#deadline",
        "issue #12",
    ] {
        assert!(!has_color(other), "{other}");
    }
}
