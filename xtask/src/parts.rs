//! Takes the dashboard's module apart: what all pages need, and the parts that come when they are needed (`src/parts.rs`
//! says which pages make a part).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_split_cli_support::{Options, transform};

use crate::failure::{Context, Failure, Result};
use crate::freshness::fingerprint;
use crate::pieces;
use crate::precompress::Weight;
use crate::process;
use crate::tools::Tools;
use crate::wasm::{ERASED, RUSTFLAGS, TARGET};
use crate::workspace;

/// What trunk calls the module and its script, before the hash.
const NAME: &str = "flowdeck-dashboard";

/// Has trunk build a module that can be taken apart: with split points, relocations, and names to follow them by.
pub fn prepare(trunk: &mut Command) {
    trunk.args(["--features", "parts"]);
    trunk.env(RUSTFLAGS, format!("{ERASED} -C link-args=--emit-relocs"));
    trunk.env("CARGO_PROFILE_WASM_RELEASE_STRIP", "none");
}

/// Replaces the one module in `dist`, which trunk has made, by its parts. Their names carry trunk's hash of the whole,
/// until [`name`].
pub fn split(tools: &Tools, dist: &Path) -> Result<()> {
    let stem = stem(dist)?;
    let (loader, hash) = loader(&stem);
    let folder = workspace::notes_dir()?.join("parts");
    if folder.exists() {
        fs::remove_dir_all(&folder).context(format!("remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).context(format!("make {}", folder.display()))?;

    let linked = workspace::target_dir()?
        .join(TARGET)
        .join("wasm-release")
        .join(format!("{NAME}.wasm"));
    let whole = fs::read(&linked).context(format!("read {}", linked.display()))?;
    let main = folder.join(format!("{stem}.wasm"));
    let (link, script) = (format!("./{loader}"), format!("./{stem}.js"));
    let mut options = Options::new(&whole);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &script;
    let parts = transform(options)
        .map_err(|error| Failure::new(format!("{} cannot be taken apart: {error:#}", linked.display())))?;

    let bindgen = tools.wasm_bindgen_dir.join("wasm-bindgen");
    process::run(
        process::command(bindgen)
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
            .args(["--remove-name-section", "--remove-producers-section", "--out-dir"])
            .arg(dist)
            .arg(&main),
    )?;
    let written = folder.join(&loader);
    let mut script = fs::read_to_string(&written).context(format!("read {}", written.display()))?;
    for part in &parts.split_modules {
        let name = part.file_stem().unwrap_or_default().to_string_lossy();
        let hashed = format!("{name}-{hash}");
        script = script.replace(&format!("\"./{name}.wasm\""), &format!("\"./{hashed}.wasm\""));
        let module = fs::read(part).context(format!("read {}", part.display()))?;
        let target = dist.join(format!("{hashed}.wasm"));
        fs::write(&target, without_names(&module)).context(format!("write {}", target.display()))?;
    }
    let target = dist.join(loader);
    fs::write(&target, script).context(format!("write {}", target.display()))
}

/// Puts the small pieces of the parts in `dist` together, once they are as small as they get.
pub fn gather(dist: &Path) -> Result<()> {
    let stem = stem(dist)?;
    let (loader, hash) = loader(&stem);
    pieces::gather(dist, &loader, hash)
}

/// The first word of a page's address, and the part that has the page: `src/app.rs` and `src/parts.rs` say so.
const PAGES: [(&str, &str); 10] = [
    ("", "home"),
    ("flows", "flow"),
    ("project", "flow"),
    ("flow", "flow"),
    ("runs", "runs"),
    ("flow-run", "run"),
    ("task", "task"),
    ("task-run", "task"),
    ("agents", "rest"),
    ("settings", "rest"),
];

/// Has `index.html` in `dist` ask for the part of the page at its address beside the module, not only once that runs.
pub fn announce(dist: &Path) -> Result<()> {
    let stem = stem(dist)?;
    let (_, hash) = loader(&stem);
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context(format!("read {}", index.display()))?;
    let announced =
        announced(&html, hash).ok_or_else(|| Failure::new(format!("{} has no </head>", index.display())))?;
    fs::write(&index, announced).context(format!("write {}", index.display()))
}

/// The page with a script at the end of its head that names the part of the page at its address, which the loader looks
/// for, and fetches its file ahead.
fn announced(html: &str, hash: &str) -> Option<String> {
    let parts = PAGES
        .map(|(word, part)| format!("\"{word}\": \"{part}\""))
        .join(", ");
    let file = pieces::page_file("${part}", hash);
    let script = format!(
        "<script>\n\
         const word = location.pathname.slice(new URL(document.baseURI).pathname.length).split(\"/\")[0];\n\
         const part = {{ {parts} }}[word];\n\
         if (part) {{\n\
         document.documentElement.dataset.part = part;\n\
         const link = {{ rel: \"preload\", as: \"fetch\", crossOrigin: \"anonymous\", href: `{file}` }};\n\
         document.head.append(Object.assign(document.createElement(\"link\"), link));\n\
         }}\n\
         </script>\n"
    );
    let (head, rest) = html.split_once("</head>")?;
    Some(format!("{head}{script}</head>{rest}"))
}

/// Gives the module's files in `dist` names by what they have become. Browsers keep such a name's content for a year, and
/// trunk's hash is of a module not yet taken apart and shrunk: the same sources make other pieces when the tools change.
pub fn name(dist: &Path) -> Result<()> {
    let stem = stem(dist)?;
    let (_, hash) = loader(&stem);
    let entries = fs::read_dir(dist).context(format!("list {}", dist.display()))?;
    let names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(hash))
        .collect();
    let finished = fingerprint(dist, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
    // As long as trunk's, which modules name each other by, too: in a file with several of them nothing moves.
    let finished: String = finished.chars().cycle().take(hash.len()).collect();
    for name in names.iter().map(String::as_str).chain(["index.html"]) {
        let path = dist.join(name);
        let content = fs::read(&path).context(format!("read {}", path.display()))?;
        fs::remove_file(&path).context(format!("remove {}", path.display()))?;
        let target = dist.join(name.replace(hash, &finished));
        let content = replaced(content, hash.as_bytes(), finished.as_bytes());
        fs::write(&target, content).context(format!("write {}", target.display()))?;
    }
    Ok(())
}

/// The bytes with all that are `old` replaced by `new`, which are as many.
fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    for start in 0..bytes.len() {
        if bytes[start..].starts_with(old) {
            bytes[start..start + new.len()].copy_from_slice(new);
        }
    }
    bytes
}

/// What each part weighs, with all that it needs besides what all pages need: of a page its file, of what opens in one
/// each file that it takes something from.
pub fn weigh(dist: &Path, weights: &[(PathBuf, Weight)]) -> Result<Vec<(String, Weight)>> {
    let stem = stem(dist)?;
    let (loader, hash) = loader(&stem);
    let loader = dist.join(loader);
    let script = fs::read_to_string(&loader).context(format!("read {}", loader.display()))?;
    let parts = pieces::needs(&script).into_iter().map(|(part, mut files)| {
        let whole = pieces::page_file(&part, hash);
        if dist.join(&whole).exists() {
            files = BTreeSet::from([whole]);
        }
        let of_part = |asset: &Path| {
            asset
                .file_name()
                .is_some_and(|name| files.contains(&*name.to_string_lossy()))
        };
        let weight = weights
            .iter()
            .filter(|(asset, _)| of_part(asset))
            .map(|(_, weight)| *weight)
            .sum();
        (part, weight)
    });
    Ok(parts.collect())
}

/// The script that loads the parts, and trunk's hash.
fn loader(stem: &str) -> (String, &str) {
    let hash = stem.trim_start_matches(NAME).trim_start_matches('-');
    (format!("parts-{hash}.js"), hash)
}

/// Whether an asset is of a part, and not needed by all pages.
pub fn is_part(asset: &Path) -> bool {
    let name = asset.file_name().unwrap_or_default().to_string_lossy();
    ["chunk_", "split_", "page_"]
        .iter()
        .any(|start| name.starts_with(start))
}

/// `flowdeck-dashboard-<hash>`, as trunk has called it.
fn stem(dist: &Path) -> Result<String> {
    let entries = fs::read_dir(dist).context(format!("list {}", dist.display()))?;
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut stems = names.filter_map(|name| name.strip_suffix(".js").map(str::to_owned));
    stems
        .find(|stem| stem.starts_with(NAME))
        .ok_or_else(|| Failure::new(format!("trunk has left no {NAME}-….js in {}", dist.display())))
}

/// A module without its custom sections, which are names for debuggers. What cannot be read stays as it is.
fn without_names(module: &[u8]) -> Vec<u8> {
    /// Magic number and version.
    const HEADER: usize = 8;
    let mut kept = module.get(..HEADER).unwrap_or(module).to_vec();
    let mut rest = module.get(HEADER..).unwrap_or_default();
    while let [id, after @ ..] = rest {
        let Some((length, size_bytes)) = leb128(after) else {
            return module.to_vec();
        };
        let end = 1 + size_bytes + length;
        let Some(section) = rest.get(..end) else {
            return module.to_vec();
        };
        if *id != 0 {
            kept.extend_from_slice(section);
        }
        rest = &rest[end..];
    }
    kept
}

/// A number in LEB128, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_asks_ahead_for_what_its_address_needs() {
        let html = announced("<head><base href=\"/\"></head><body></body>", "1f").unwrap();
        assert!(html.contains("\"flow-run\": \"run\""), "{html}");
        assert!(html.contains("href: `page_${part}-1f.bin`"), "{html}");
        assert!(html.ends_with("</script>\n</head><body></body>"));
        assert_eq!(announced("<body></body>", "1f"), None);
    }

    #[test]
    fn names_change_with_what_the_pieces_have_become() {
        let build = |piece: &str| {
            let dist = tempfile::tempdir().unwrap();
            let write = |name: &str, content: &str| fs::write(dist.path().join(name), content).unwrap();
            write(
                "flowdeck-dashboard-12345678901234.js",
                "import './parts-12345678901234.js'",
            );
            write(
                "parts-12345678901234.js",
                "piece('chunk_small_run-12345678901234.bin', 0, 3)",
            );
            write("chunk_small_run-12345678901234.bin", piece);
            write("style-abcdefabcdef.css", "b {}");
            write(
                "index.html",
                "<script src='flowdeck-dashboard-12345678901234.js'>",
            );
            name(dist.path()).unwrap();
            let mut files: Vec<(String, String)> = fs::read_dir(dist.path())
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    (name, fs::read_to_string(path).unwrap())
                })
                .collect();
            files.sort();
            files
        };
        let files = build("one12345678901234two");
        let hash = files[0].0.strip_prefix("chunk_small_run-").unwrap();
        let hash = hash.strip_suffix(".bin").unwrap();
        assert_eq!((hash.len(), hash == "12345678901234"), (14, false));
        let expected = [
            (format!("chunk_small_run-{hash}.bin"), format!("one{hash}two")),
            (
                format!("flowdeck-dashboard-{hash}.js"),
                format!("import './parts-{hash}.js'"),
            ),
            (
                "index.html".to_owned(),
                format!("<script src='flowdeck-dashboard-{hash}.js'>"),
            ),
            (
                format!("parts-{hash}.js"),
                format!("piece('chunk_small_run-{hash}.bin', 0, 3)"),
            ),
            ("style-abcdefabcdef.css".to_owned(), "b {}".to_owned()),
        ];
        assert_eq!(files, expected);
        assert_eq!(build("one12345678901234two"), files, "the same pieces");
        let others = build("one12345678901234three");
        for (before, after) in files.iter().zip(&others) {
            let keeps_its_name = ["index.html", "style-abcdefabcdef.css"].contains(&before.0.as_str());
            assert_eq!(before.0 == after.0, keeps_its_name, "{}", before.0);
        }
    }

    #[test]
    fn only_custom_sections_are_left_out() {
        let header = b"\0asm\x01\0\0\0".to_vec();
        let types = [1, 2, 0xaa, 0xbb];
        let mut long_name = vec![0, 0x80, 0x01];
        long_name.extend([7; 128]);
        let module = [&header[..], &long_name, &types, &[0, 1, 9]].concat();
        assert_eq!(without_names(&module), [&header[..], &types].concat());
    }

    #[test]
    fn what_is_cut_off_stays_as_it_is() {
        for broken in [&b"\0asm"[..], b"\0asm\x01\0\0\0\x01\x7f", b"\0asm\x01\0\0\0\x01"] {
            assert_eq!(without_names(broken), broken);
        }
    }
}
