//! What the parts of the module are made of: pieces that several share, and one of its own for each. A page that is opened
//! first gets all of its pieces in one file; whoever comes from another page has some already, and the many small ones
//! that are missing travel together, for a request costs more than they do and together they compress better.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};

/// Pieces below this many bytes travel together.
const SMALL: u64 = 9_000;

/// What the names of pieces and of their common files begin with.
const PIECE: &str = "chunk_";

/// The parts that are pages, those first that most links lead to. A small piece travels with the first that needs it.
const PAGES: [&str; 6] = ["home", "run", "runs", "flow", "task", "rest"];

/// How the loader's script gets a piece: out of the file of the page at the address the browser came with (`part` is in
/// the document, see `parts::announce`), or else the way `other` does.
const SCRIPT: &str = r#"const files = {};
const piece = (file, from, to) => {
    files[file] ??= fetch(new URL(file, import.meta.url)).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
        return answer.arrayBuffer();
    });
    // What failed is fetched again by the next who asks.
    files[file].catch(() => { delete files[file]; });
    return files[file].then((all) => new Response(all.slice(from, to), { headers: { "Content-Type": "application/wasm" } }));
};
const { part } = document.documentElement.dataset;
const ahead = {};
let end = 0;
for (const name of pages[part]?.split(", ") ?? []) ahead[name] = [end, (end += sizes[name])];
const get = (name, other) => (ahead[name] ? piece(whole(part), ...ahead[name]) : other());
"#;

/// The name of the file with all that a page needs besides the module.
pub fn page_file(part: &str, hash: &str) -> String {
    format!("page_{part}-{hash}.bin")
}

/// Puts the small pieces in `dist` into common files, and all that a page needs into one for each page, and has `loader`,
/// the script there that fetches them, take them out of those. `hash` goes into the files' names.
///
/// # Errors
/// The script fetches a piece in another way than known here: `wasm_split_cli_support` has changed.
pub fn gather(dist: &Path, loader: &str, hash: &str) -> Result<()> {
    let loader = dist.join(loader);
    let mut script = fs::read_to_string(&loader).context(format!("read {}", loader.display()))?;
    let pages = whole_pages(dist, &script, hash)?;
    let mut common = BTreeMap::<String, Vec<u8>>::new();
    for file in pieces(dist)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let fetch = format!("fetch(new URL(\"./{name}\", import.meta.url))");
        let Some((before, after)) = script.split_once(&fetch) else {
            return Err(Failure::new(format!(
                "{} does not fetch {name}",
                loader.display()
            )));
        };
        let module = fs::read(&file).context(format!("read {}", file.display()))?;
        let is_small = name.starts_with(PIECE) && (module.len() as u64) < SMALL;
        let other = if is_small {
            let together = format!("{PIECE}small_{}-{hash}.bin", first_page(before));
            let all = common.entry(together.clone()).or_default();
            let (from, to) = (all.len(), all.len() + module.len());
            all.extend(module);
            fs::remove_file(&file).context(format!("remove {}", file.display()))?;
            format!("piece(\"./{together}\", {from}, {to})")
        } else {
            fetch.clone()
        };
        script = format!("{before}get(\"{}\", () => {other}){after}", key(&name));
    }
    for (file, all) in common {
        let target = dist.join(file);
        fs::write(&target, all).context(format!("write {}", target.display()))?;
    }
    fs::write(&loader, pages + SCRIPT + &script).context(format!("write {}", loader.display()))
}

/// Writes the file of each page; answers what the loader must know of them.
fn whole_pages(dist: &Path, script: &str, hash: &str) -> Result<String> {
    let mut sizes = BTreeMap::new();
    let mut pages = Vec::new();
    for (part, files) in needs(script) {
        if !PAGES.contains(&part.as_str()) {
            continue;
        }
        let mut whole = Vec::new();
        let mut keys = Vec::new();
        for file in files {
            let path = dist.join(&file);
            let module = fs::read(&path).context(format!("read {}", path.display()))?;
            sizes.insert(key(&file), module.len());
            keys.push(key(&file));
            whole.extend(module);
        }
        let target = dist.join(page_file(&part, hash));
        fs::write(&target, whole).context(format!("write {}", target.display()))?;
        pages.push(format!("    \"{part}\": \"{}\",\n", keys.join(", ")));
    }
    let sizes: Vec<String> = sizes
        .iter()
        .map(|(key, size)| format!("\"{key}\": {size}"))
        .collect();
    Ok(format!(
        "const sizes = {{ {} }};\nconst pages = {{\n{}}};\nconst whole = (part) => `./{}`;\n",
        sizes.join(", "),
        pages.concat(),
        page_file("${part}", hash)
    ))
}

/// What the loader calls the content of a file: `__chunk_7` for `chunk_7-1f.wasm`, as the rest of it does, `run` for
/// `split_run-1f.wasm`.
fn key(file: &str) -> String {
    let name = file.split_once('-').map_or(file, |(name, _)| name);
    match name.strip_prefix("split_") {
        Some(part) => part.to_owned(),
        None => format!("__{name}"),
    }
}

/// The page that a piece travels with, by the last comment in `script`: it names the parts that share the piece.
fn first_page(script: &str) -> &'static str {
    let comment = script.rsplit_once("/* ").map_or("", |(_, rest)| rest);
    let parts = comment.split_once(" */").map_or("", |(parts, _)| parts);
    let needs = |page: &&str| parts.split(", ").any(|part| part == *page);
    PAGES.into_iter().find(needs).unwrap_or("others")
}

/// The modules of the parts, shared and own.
fn pieces(dist: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dist).context(format!("list {}", dist.display()))?;
    let is_piece =
        |name: &str| (name.starts_with(PIECE) || name.starts_with("split_")) && name.ends_with(".wasm");
    let mut pieces: Vec<_> = entries
        .flatten()
        .filter(|entry| is_piece(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    pieces.sort();
    Ok(pieces)
}

/// The parts that a loader's script knows, each with the names of the files it needs.
pub fn needs(script: &str) -> Vec<(String, BTreeSet<String>)> {
    const LOADER: &str = "export const __wasm_split_load_";
    let parts = script.split(LOADER).skip(1);
    parts
        .filter_map(|part| {
            let name = part.split_once(" = ")?.0;
            let pieces = part.split_once("\n, [")?.1.split_once(']')?.0;
            let pieces = pieces
                .split(", ")
                .filter_map(|piece| source(script.split_once(&format!("const {piece} = "))?.1));
            Some((name.to_owned(), pieces.chain(source(part)).collect()))
        })
        .collect()
}

/// The file that a call of `makeLoad` fetches, or takes its piece from: the first name in it.
fn source(call: &str) -> Option<String> {
    let (_, fetch) = call.split_once("const src = ")?;
    let (_, name) = fetch.split_once("\"./")?;
    Some(name.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = "parts-1f.js";

    /// As `wasm_split_cli_support` writes it.
    fn script() -> String {
        let load = |file: &str, needs: &str| {
            format!(
                "makeLoad(() => {{\n    const src = fetch(new URL(\"./{file}\", import.meta.url));\n    src.catch(() => {{}});\n    \
                 return async (imports) => (WebAssembly.instantiateStreaming(src, imports));\n}}\n, [{needs}])"
            )
        };
        let piece = |parts: &str, number: u32| {
            let call = load(&format!("chunk_{number}-1f.wasm"), "");
            format!("/* {parts} */\nconst __chunk_{number} = {call};")
        };
        let part = |name: &str, needs: &str| {
            let call = load(&format!("split_{name}-1f.wasm"), needs);
            format!("export const __wasm_split_load_{name} = wrapAsyncCb({call});")
        };
        [
            piece("run, runs", 1),
            piece("run, task", 2),
            piece("flow, logs", 3),
            piece("flow, run", 4),
            part("run", "__chunk_1, __chunk_2, __chunk_4"),
            part("flow", "__chunk_3, __chunk_4"),
        ]
        .join("\n")
    }

    #[test]
    fn small_pieces_travel_together() {
        let dist = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| fs::write(dist.path().join(name), content).unwrap();
        let read = |name: &str| fs::read_to_string(dist.path().join(name)).unwrap();
        write(LOADER, script().as_bytes());
        write("chunk_1-1f.wasm", b"one");
        write("chunk_2-1f.wasm", &[7; SMALL as usize]);
        write("chunk_3-1f.wasm", b"three");
        write("chunk_4-1f.wasm", b"four");
        write("split_run-1f.wasm", b"RUN");
        write("split_flow-1f.wasm", b"FLOW");
        gather(dist.path(), LOADER, "1f").unwrap();
        assert_eq!(read("chunk_small_run-1f.bin"), "onefour");
        assert_eq!(read("chunk_small_flow-1f.bin"), "three");
        assert!(!dist.path().join("chunk_1-1f.wasm").exists());
        assert!(dist.path().join("chunk_2-1f.wasm").exists());
        assert_eq!(read("page_flow-1f.bin"), "threefourFLOW");
        assert_eq!(
            read("page_run-1f.bin"),
            format!("one{}fourRUN", "\u{7}".repeat(SMALL as usize))
        );
        let script = read(LOADER);
        let sizes = format!(
            "const sizes = {{ \"__chunk_1\": 3, \"__chunk_2\": {SMALL}, \"__chunk_3\": 5, \"__chunk_4\": 4, \"flow\": 4, \"run\": 3 }};"
        );
        assert!(script.starts_with(&sizes), "{script}");
        for place in [
            "const src = get(\"__chunk_1\", () => piece(\"./chunk_small_run-1f.bin\", 0, 3));",
            "const src = get(\"__chunk_2\", () => fetch(new URL(\"./chunk_2-1f.wasm\", import.meta.url)));",
            "const src = get(\"__chunk_3\", () => piece(\"./chunk_small_flow-1f.bin\", 0, 5));",
            "const src = get(\"__chunk_4\", () => piece(\"./chunk_small_run-1f.bin\", 3, 7));",
            "const src = get(\"run\", () => fetch(new URL(\"./split_run-1f.wasm\", import.meta.url)));",
            "\"run\": \"__chunk_1, __chunk_2, __chunk_4, run\",",
            "\"flow\": \"__chunk_3, __chunk_4, flow\",",
        ] {
            assert!(script.contains(place), "{place} in {script}");
        }
        let needed =
            |part: &str, files: [&str; 3]| (part.to_owned(), files.map(str::to_owned).into_iter().collect());
        let of_run = needed(
            "run",
            ["chunk_2-1f.wasm", "chunk_small_run-1f.bin", "split_run-1f.wasm"],
        );
        let of_flow = needed(
            "flow",
            [
                "chunk_small_flow-1f.bin",
                "chunk_small_run-1f.bin",
                "split_flow-1f.wasm",
            ],
        );
        assert_eq!(needs(&script), [of_run, of_flow]);
    }

    #[test]
    fn a_loader_of_another_kind_is_refused() {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join(LOADER), "load('chunk_1-1f.wasm')").unwrap();
        fs::write(dist.path().join("chunk_1-1f.wasm"), "one").unwrap();
        let error = gather(dist.path(), LOADER, "1f").unwrap_err();
        assert!(
            error.to_string().contains("does not fetch chunk_1-1f.wasm"),
            "{error}"
        );
        assert!(dist.path().join("chunk_1-1f.wasm").exists());
    }
}
