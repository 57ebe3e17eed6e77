//! Makes one style sheet of the many that the dashboard is written in: one request instead of forty, and a compressor
//! that sees them together makes them a third smaller.

use std::fs;
use std::path::Path;

use crate::failure::{Context, Result};
use crate::freshness::fingerprint;

/// How trunk writes a link to a style sheet.
const LINK: &str = "<link rel=\"stylesheet\" href=\"";

/// Puts the style sheets that `index.html` links, in their order, into one, and links that in their place.
pub fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).context(format!("read {}", page.display()))?;
    let mut rules = String::new();
    let mut rest = Vec::new();
    let mut place = None;
    for line in html.lines() {
        let Some(href) = linked(line) else {
            rest.push(line);
            continue;
        };
        let sheet = dist.join(href.trim_start_matches(['.', '/']));
        rules += &fs::read_to_string(&sheet).context(format!("read {}", sheet.display()))?;
        fs::remove_file(&sheet).context(format!("remove {}", sheet.display()))?;
        place.get_or_insert((rest.len(), folder(href)));
    }
    let Some((at, folder)) = place else {
        return Ok(());
    };
    let joined = dist.join("style.css");
    fs::write(&joined, rules).context(format!("write {}", joined.display()))?;
    let name = format!("style-{}.css", fingerprint(dist, &["style.css"])?);
    fs::rename(&joined, dist.join(&name)).context(format!("name {name}"))?;
    let link = format!("    {LINK}{folder}{name}\"/>");
    rest.insert(at, &link);
    fs::write(&page, rest.join("\n") + "\n").context(format!("write {}", page.display()))
}

/// The address in a line that is a link to a style sheet and nothing else.
fn linked(line: &str) -> Option<&str> {
    let (href, after) = line.trim().strip_prefix(LINK)?.split_once('"')?;
    matches!(after, "/>" | " />" | ">").then_some(href)
}

/// What stands before the name of a file in an address.
fn folder(href: &str) -> &str {
    href.rfind('/').map_or("", |slash| &href[..=slash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_keep_their_order_and_the_page_links_one_sheet() {
        let dist = tempfile::tempdir().unwrap();
        let file = |name: &str| dist.path().join(name);
        fs::write(file("b-1.css"), "b {}\n").unwrap();
        fs::write(file("a-2.css"), "a {}\n").unwrap();
        let html = "<head>\n    <link rel=\"stylesheet\" href=\"./b-1.css\"/>\n    <link rel=\"icon\" href=\"x.svg\"/>\n    <link rel=\"stylesheet\" href=\"./a-2.css\"/>\n</head>\n";
        fs::write(file("index.html"), html).unwrap();
        join(dist.path()).unwrap();

        let page = fs::read_to_string(file("index.html")).unwrap();
        let links: Vec<&str> = page.lines().filter_map(linked).collect();
        let [link] = links[..] else {
            panic!("{page}");
        };
        assert!(link.starts_with("./style-"), "{link}");
        assert_eq!(fs::read_to_string(file(&link[2..])).unwrap(), "b {}\na {}\n");
        assert!(page.contains("x.svg") && !file("b-1.css").exists(), "{page}");

        join(dist.path()).unwrap();
        assert!(
            fs::read_to_string(file("index.html"))
                .unwrap()
                .contains("./style-"),
            "twice does no harm"
        );
    }
}
