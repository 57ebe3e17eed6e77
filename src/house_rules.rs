//! Promises of the style sheets and documents that a program can check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use flowdeck_vocabulary::StateType;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` whose names end like this, as paths from the root.
fn files(folder: &str, ending: &str) -> BTreeSet<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let names = found.iter().map(|path| {
        path.strip_prefix(root())
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    });
    names.filter(|name| name.ends_with(ending)).collect()
}

/// The custom properties of one theme: those of the dark one, with the light one's over them.
fn tokens(light: bool) -> BTreeMap<String, String> {
    let css = read("style/tokens.css");
    let (dark, rest) = css
        .split_once(":root[data-theme=\"light\"]")
        .expect("a light theme");
    let light_block = rest.split_once('}').expect("an end of the light theme").0;
    let blocks = if light {
        vec![dark, light_block]
    } else {
        vec![dark]
    };
    let mut found = BTreeMap::new();
    for line in blocks.into_iter().flat_map(str::lines) {
        if let Some((name, value)) = line
            .trim()
            .split_once(':')
            .filter(|(name, _)| name.starts_with("--"))
        {
            found.insert(name.to_owned(), value.trim().trim_end_matches(';').to_owned());
        }
    }
    found
}

/// A token's color, through other tokens, as red, green and blue between 0 and 1.
fn color(tokens: &BTreeMap<String, String>, name: &str) -> [f64; 3] {
    let value = tokens.get(name).unwrap_or_else(|| panic!("no token {name}"));
    if let Some(other) = value.strip_prefix("var(").and_then(|rest| rest.strip_suffix(')')) {
        return color(tokens, other);
    }
    let hex = value
        .strip_prefix('#')
        .unwrap_or_else(|| panic!("{name} is no color: {value}"));
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

/// WCAG 2's contrast ratio.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |color: [f64; 3]| {
        let linear = color.map(|c| {
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_state_has_its_token_and_its_rule() {
    let (dark, light) = (tokens(false), read("style/tokens.css"));
    let badge = read("style/components/state_badge.css");
    for state in StateType::ALL {
        let name = state.css_name();
        assert!(dark.contains_key(&format!("--state-{name}")), "no --state-{name}");
        assert_eq!(
            light.matches(&format!("--state-{name}:")).count(),
            2,
            "--state-{name} in both themes"
        );
        assert!(
            badge.contains(&format!("[data-state=\"{name}\"]")),
            "no rule for {name}"
        );
    }
}

#[test]
fn text_can_be_read_in_both_themes() {
    for light in [false, true] {
        let tokens = tokens(light);
        let mut texts: Vec<String> = StateType::ALL
            .iter()
            .map(|state| format!("--state-{}", state.css_name()))
            .collect();
        texts.extend(["--ink", "--ink-soft", "--ink-faint", "--accent"].map(str::to_owned));
        for surface in [
            "--surface-page",
            "--surface-panel",
            "--surface-raised",
            "--surface-hover",
            "--surface-code",
        ] {
            for text in &texts {
                let ratio = contrast(color(&tokens, text), color(&tokens, surface));
                assert!(ratio >= 4.5, "light: {light}, {text} on {surface}: {ratio:.2}");
            }
        }
        let ratio = contrast(color(&tokens, "--accent-ink"), color(&tokens, "--accent"));
        assert!(
            ratio >= 4.5,
            "light: {light}, the words on the primary button: {ratio:.2}"
        );
    }
}

#[test]
fn every_style_sheet_is_linked_once_and_every_link_exists() {
    let html = read("index.html");
    let linked: Vec<String> = html
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(href, _)| href.to_owned()))
        .filter(|href| href.ends_with(".css"))
        .collect();
    assert_eq!(
        linked.iter().cloned().collect::<BTreeSet<_>>(),
        files("style", ".css")
    );
    assert_eq!(linked.len(), files("style", ".css").len(), "one is linked twice");
    let order = [
        "style/tokens",
        "style/base",
        "style/layout",
        "style/ui/",
        "style/components/",
        "style/pages/",
    ];
    let ranks: Vec<usize> = linked
        .iter()
        .map(|href| {
            order
                .iter()
                .position(|start| href.starts_with(start))
                .expect("a layer")
        })
        .collect();
    assert!(
        ranks.is_sorted(),
        "the links are in the order of the layers: {linked:?}"
    );
}

#[test]
fn no_other_style_sheet_names_a_color() {
    for file in files("style", ".css")
        .into_iter()
        .filter(|file| file != "style/tokens.css")
    {
        let css = read(&file);
        for (number, line) in css.lines().enumerate() {
            let names = line.contains("rgb(") || line.contains("hsl(") || line.contains("oklch(");
            let hex = line
                .split('#')
                .skip(1)
                .any(|rest| rest.len() >= 3 && rest.chars().take(3).all(|c| c.is_ascii_hexdigit()));
            assert!(!names && !hex, "{file}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn every_operation_is_used() {
    let all: String = files("src/api", ".rs").iter().map(|file| read(file)).collect();
    for file in files("src/api", ".graphql") {
        let name = file.rsplit('/').next().expect("a name");
        if all.contains(&format!("include_str!(\"{name}\")")) {
            continue;
        }
        let code = read(&file.replace(".graphql", ".rs"));
        for line in read(&file).lines() {
            let operation = line
                .strip_prefix("query ")
                .or_else(|| line.strip_prefix("mutation "));
            if let Some(rest) = operation {
                let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
                assert!(
                    code.contains(&format!("post::<{name}>")),
                    "{file}: {name} is not asked by anybody"
                );
            }
        }
    }
}

#[test]
fn text_of_the_server_never_becomes_markup() {
    for file in files("src", ".rs")
        .into_iter()
        .filter(|file| !file.ends_with("house_rules.rs"))
    {
        assert!(!read(&file).contains("inner_html"), "{file} uses inner_html");
    }
}
