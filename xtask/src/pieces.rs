//! The pieces that several parts of the module share: the many small ones travel together, in a file for each page that
//! needs them first, for a request costs more than they do and together they compress better. And what each part needs,
//! with all its pieces.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};

/// Pieces below this many bytes travel together.
const SMALL: u64 = 9_000;

/// What the names of pieces and of their common files begin with.
const PIECE: &str = "chunk_";

/// The parts that are pages, those first that most links lead to. A small piece travels with the first that needs it.
const PAGES: [&str; 5] = ["run", "runs", "flow", "task", "rest"];

/// How the loader's script gets a small piece: as if it had been fetched by itself.
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
"#;

/// Puts the small pieces in `dist` into common files and has `loader`, the script there that fetches them, take them out
/// of those. `hash` goes into the files' names.
///
/// # Errors
/// The script fetches a piece in another way than known here: `wasm_split_cli_support` has changed.
pub fn gather(dist: &Path, loader: &str, hash: &str) -> Result<()> {
    let loader = dist.join(loader);
    let mut script = fs::read_to_string(&loader).context(format!("read {}", loader.display()))?;
    let mut common = BTreeMap::<String, Vec<u8>>::new();
    for piece in small_pieces(dist)? {
        let name = piece.file_name().unwrap_or_default().to_string_lossy();
        let fetch = format!("fetch(new URL(\"./{name}\", import.meta.url))");
        let Some((before, after)) = script.split_once(&fetch) else {
            return Err(Failure::new(format!(
                "{} does not fetch {name}",
                loader.display()
            )));
        };
        let file = format!("{PIECE}small_{}-{hash}.bin", first_page(before));
        let module = fs::read(&piece).context(format!("read {}", piece.display()))?;
        let all = common.entry(file.clone()).or_default();
        let (from, to) = (all.len(), all.len() + module.len());
        script = format!("{before}piece(\"./{file}\", {from}, {to}){after}");
        all.extend(module);
        fs::remove_file(&piece).context(format!("remove {}", piece.display()))?;
    }
    for (file, all) in common {
        let target = dist.join(file);
        fs::write(&target, all).context(format!("write {}", target.display()))?;
    }
    fs::write(&loader, SCRIPT.to_owned() + &script).context(format!("write {}", loader.display()))
}

/// The page that a piece travels with, by the last comment in `script`: it names the parts that share the piece.
fn first_page(script: &str) -> &'static str {
    let comment = script.rsplit_once("/* ").map_or("", |(_, rest)| rest);
    let parts = comment.split_once(" */").map_or("", |(parts, _)| parts);
    let needs = |page: &&str| parts.split(", ").any(|part| part == *page);
    PAGES.into_iter().find(needs).unwrap_or("others")
}

fn small_pieces(dist: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dist).context(format!("list {}", dist.display()))?;
    let mut pieces: Vec<_> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_piece = name.starts_with(PIECE) && name.ends_with(".wasm");
            is_piece && entry.metadata().is_ok_and(|it| it.len() < SMALL)
        })
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
        gather(dist.path(), LOADER, "1f").unwrap();
        assert_eq!(read("chunk_small_run-1f.bin"), "onefour");
        assert_eq!(read("chunk_small_flow-1f.bin"), "three");
        assert!(!dist.path().join("chunk_1-1f.wasm").exists());
        assert!(dist.path().join("chunk_2-1f.wasm").exists());
        let script = read(LOADER);
        for place in [
            "const src = piece(\"./chunk_small_run-1f.bin\", 0, 3);",
            "const src = piece(\"./chunk_small_flow-1f.bin\", 0, 5);",
            "const src = piece(\"./chunk_small_run-1f.bin\", 3, 7);",
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
