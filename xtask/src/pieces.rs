//! The pieces that several parts of the module share: the many small ones travel in one file, for a request costs more
//! than they do and together they compress better. And what each part needs, with all its pieces.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};

/// Pieces below this many bytes travel together.
const SMALL: u64 = 9_000;

/// What the names of pieces and of their common file begin with.
const PIECE: &str = "chunk_";

/// How the loader's script gets a small piece: as if it had been fetched by itself.
const SCRIPT: &str = r#"let pieces;
const piece = (from, to) => {
    pieces ??= fetch(new URL("./{file}", import.meta.url)).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
        return answer.arrayBuffer();
    });
    // What failed is fetched again by the next who asks.
    pieces.catch(() => { pieces = undefined; });
    return pieces.then((all) => new Response(all.slice(from, to), { headers: { "Content-Type": "application/wasm" } }));
};
"#;

/// Puts the small pieces in `dist` into one file and has `loader`, the script there that fetches them, take them out of
/// it. `hash` goes into the file's name.
///
/// # Errors
/// The script fetches a piece in another way than known here: `wasm_split_cli_support` has changed.
pub fn gather(dist: &Path, loader: &str, hash: &str) -> Result<()> {
    let loader = dist.join(loader);
    let mut script = fs::read_to_string(&loader).context(format!("read {}", loader.display()))?;
    let mut all = Vec::new();
    for piece in small_pieces(dist)? {
        let name = piece.file_name().unwrap_or_default().to_string_lossy();
        let fetch = fetch_of(&name);
        if !script.contains(&fetch) {
            return Err(Failure::new(format!(
                "{} does not fetch {name}",
                loader.display()
            )));
        }
        let module = fs::read(&piece).context(format!("read {}", piece.display()))?;
        script = script.replace(
            &fetch,
            &format!("piece({}, {})", all.len(), all.len() + module.len()),
        );
        all.extend(module);
        fs::remove_file(&piece).context(format!("remove {}", piece.display()))?;
    }
    let file = common_file(hash);
    script.insert_str(0, &SCRIPT.replace("{file}", &file));
    let target = dist.join(file);
    fs::write(&target, all).context(format!("write {}", target.display()))?;
    fs::write(&loader, script).context(format!("write {}", loader.display()))
}

fn common_file(hash: &str) -> String {
    format!("{PIECE}small-{hash}.bin")
}

fn fetch_of(name: &str) -> String {
    format!("fetch(new URL(\"./{name}\", import.meta.url))")
}

fn small_pieces(dist: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dist).context(format!("list {}", dist.display()))?;
    let mut pieces: Vec<_> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(PIECE)
                && name.ends_with(".wasm")
                && entry.metadata().is_ok_and(|it| it.len() < SMALL)
        })
        .map(|entry| entry.path())
        .collect();
    pieces.sort();
    Ok(pieces)
}

/// The parts that a loader's script knows, each with the names of the files it needs.
pub fn needs(script: &str, hash: &str) -> Vec<(String, BTreeSet<String>)> {
    const LOADER: &str = "export const __wasm_split_load_";
    let parts = script.split(LOADER).skip(1);
    parts
        .filter_map(|part| {
            let name = part.split_once(" = ")?.0;
            let pieces = part.split_once("\n, [")?.1.split_once(']')?.0;
            let pieces = pieces.split(", ").filter_map(|piece| {
                let piece = script.split_once(&format!("const {piece} = "))?.1;
                source(piece, hash)
            });
            let files = pieces.chain(source(part, hash)).collect();
            Some((name.to_owned(), files))
        })
        .collect()
}

/// The file that a call of `makeLoad` fetches.
fn source(call: &str, hash: &str) -> Option<String> {
    let fetch = call.split_once("const src = ")?.1;
    match fetch.strip_prefix("fetch(new URL(\"./") {
        Some(name) => Some(name.split_once('"')?.0.to_owned()),
        None => Some(common_file(hash)),
    }
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
        [
            format!(
                "/* run, runs */\nconst __chunk_1 = {};",
                load("chunk_1-1f.wasm", "")
            ),
            format!(
                "/* run, task */\nconst __chunk_2 = {};",
                load("chunk_2-1f.wasm", "")
            ),
            format!(
                "/* run, flow */\nconst __chunk_3 = {};",
                load("chunk_3-1f.wasm", "")
            ),
            format!(
                "export const __wasm_split_load_run = wrapAsyncCb({});",
                load("split_run-1f.wasm", "__chunk_1, __chunk_2, __chunk_3")
            ),
            format!(
                "export const __wasm_split_load_task = wrapAsyncCb({});",
                load("split_task-1f.wasm", "__chunk_2")
            ),
        ]
        .join("\n")
    }

    #[test]
    fn small_pieces_travel_together() {
        let dist = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| fs::write(dist.path().join(name), content).unwrap();
        write(LOADER, script().as_bytes());
        write("chunk_1-1f.wasm", b"one");
        write("chunk_2-1f.wasm", &[7; SMALL as usize]);
        write("chunk_3-1f.wasm", b"three");
        gather(dist.path(), LOADER, "1f").unwrap();
        assert_eq!(
            fs::read(dist.path().join("chunk_small-1f.bin")).unwrap(),
            b"onethree"
        );
        assert!(!dist.path().join("chunk_1-1f.wasm").exists());
        assert!(dist.path().join("chunk_2-1f.wasm").exists());
        let script = fs::read_to_string(dist.path().join(LOADER)).unwrap();
        assert!(script.contains("const src = piece(0, 3);"), "{script}");
        assert!(script.contains("const src = piece(3, 8);"), "{script}");
        assert!(script.contains("\"./chunk_small-1f.bin\""), "{script}");
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let needed = needs(&script, "1f");
        let of_run = files(&["chunk_2-1f.wasm", "chunk_small-1f.bin", "split_run-1f.wasm"]);
        let of_task = files(&["chunk_2-1f.wasm", "split_task-1f.wasm"]);
        assert_eq!(needed, [("run".to_owned(), of_run), ("task".to_owned(), of_task)]);
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
