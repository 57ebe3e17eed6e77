//! Where things lie: the checkout, cargo's target directory and the folder for installed tools.

use std::path::{Path, PathBuf};

use crate::failure::{Context, Failure, Result};

/// The root of the checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Cargo's target directory.
///
/// This program runs from `<target>/debug/xtask`, so its own place tells what `CARGO_TARGET_DIR`, `--target-dir` and
/// every `config.toml` decided together, without asking cargo again.
pub fn target_dir() -> Result<PathBuf> {
    let exe = std::env::current_exe().context("find the path of the running xtask")?;
    let profile_dir = exe
        .ancestors()
        .find(|dir| dir.ends_with("debug") || dir.ends_with("release"));
    profile_dir
        .and_then(Path::parent)
        .map(Path::to_path_buf)
        .ok_or_else(|| {
            Failure::new(format!(
                "{} does not lie in a cargo target directory",
                exe.display()
            ))
        })
}

/// Where the built dashboard lies; the server's build embeds what is here.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The release binary that `start` runs and the browser tests test.
pub fn release_binary() -> Result<PathBuf> {
    Ok(target_dir()?.join("release").join("flowdeck"))
}

/// Notes of this program about what it built, kept out of git and swept by `cargo clean`.
pub fn notes_dir() -> Result<PathBuf> {
    Ok(target_dir()?.join("xtask"))
}

/// Where build tools are installed, shared by all checkouts of this user: `$XDG_CACHE_HOME/flowdeck/tools`.
pub fn tools_dir() -> Result<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("flowdeck").join("tools"))
        .ok_or_else(|| {
            Failure::new(
                "neither XDG_CACHE_HOME nor HOME is set, so there is no place to install build tools",
            )
        })
}

/// The version of a package in `Cargo.lock`, for tools that must match a library exactly.
pub fn locked_version(package: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).context(format!("read {}", path.display()))?;
    version_in_lock(&lock, package).ok_or_else(|| {
        Failure::new(format!(
            "Cargo.lock has no package '{package}'; run `cargo update -p {package}`"
        ))
    })
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_after_the_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn the_root_holds_the_workspace_manifest() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.starts_with("[workspace]"));
    }
}
