//! A compiler for wasm32: rustup's target, or Debian's packages where rustup's server is out of reach.

use std::path::PathBuf;
use std::process::Command;

use crate::apt;
use crate::failure::{Failure, Result};
use crate::process;
use crate::steps::Steps;

/// The target triple of the dashboard.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's newer compiler (made for its browser packages) with the matching source of the standard library.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// Where cargo looks for flags of the compiler for wasm32.
pub const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
/// The flags with which the dashboard is built everywhere.
pub const ERASED: &str = "--cfg erase_components";

/// Which compiler builds the dashboard. The host side always stays on the toolchain that runs us.
#[derive(Debug, PartialEq, Eq)]
pub enum WasmCompiler {
    /// The toolchain has the target.
    Rustup,
    /// `/usr/bin/rustc`, which builds the standard library along with the crate.
    Debian {
        /// Where the toolchain of rustup keeps `rust-lld`; Debian's compiler comes without.
        linker_dir: PathBuf,
    },
}

impl WasmCompiler {
    /// Finds a compiler, or installs one.
    pub fn ensure(steps: &Steps) -> Result<Self> {
        if has_target() {
            return Ok(Self::Rustup);
        }
        let by_rustup = steps.step(format!("add the target {TARGET} (rustup)"), || {
            process::run(process::command("rustup").args(["target", "add", TARGET]))
        });
        if by_rustup.is_ok() && has_target() {
            return Ok(Self::Rustup);
        }
        let debian = Self::Debian {
            linker_dir: linker_dir()?,
        };
        if !is_debian_compiler_there() && apt::can_install() {
            steps.step("install Debian's compiler for wasm32 (apt-get)", || {
                apt::install(&DEBIAN_PACKAGES)
            })?;
        }
        if is_debian_compiler_there() {
            steps.say("rustup could not add the target; the dashboard is built by Debian's compiler");
            return Ok(debian);
        }
        Err(Failure::new(format!(
            "no compiler for {TARGET}: `rustup target add {TARGET}` failed; on Debian this does it too: {}",
            apt::advice(&DEBIAN_PACKAGES)
        )))
    }

    /// Sets up `command` so that cargo, however deep below it, uses this compiler; `first` goes in front of `PATH`.
    pub fn apply(&self, command: &mut Command, first: &std::path::Path) {
        // Types of views erased at component borders: 8 % less to download, and compiled in two thirds of the time.
        command.env(RUSTFLAGS, ERASED);
        match self {
            Self::Rustup => {
                command.env("PATH", process::path_with(&[first]));
            }
            Self::Debian { linker_dir } => {
                let system = std::path::Path::new("/usr/bin");
                command.env("PATH", process::path_with(&[first, system, linker_dir]));
                command.env("RUSTC_BOOTSTRAP", "1");
                command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
                // Left behind by the rustup toolchain that runs us; they would lead straight back to it.
                for name in [
                    "CARGO",
                    "RUSTC",
                    "RUSTUP_TOOLCHAIN",
                    "RUSTC_WRAPPER",
                    "LD_LIBRARY_PATH",
                ] {
                    command.env_remove(name);
                }
            }
        }
    }
}

/// Whether the toolchain that runs us has the target's standard library, however it came there.
pub fn has_target() -> bool {
    let folder =
        process::output_of(process::command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    let files = folder.and_then(|folder| std::fs::read_dir(folder.trim()).ok());
    files
        .into_iter()
        .flatten()
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

fn is_debian_compiler_there() -> bool {
    let sysroot = process::output_of(process::command("/usr/bin/rustc").args(["--print", "sysroot"]));
    let source =
        sysroot.map(|sysroot| PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust/library/std"));
    std::path::Path::new("/usr/bin/cargo").exists() && source.is_some_and(|source| source.exists())
}

fn linker_dir() -> Result<PathBuf> {
    let sysroot = process::output_of(process::command("rustc").args(["--print", "sysroot"]));
    let version = process::output_of(process::command("rustc").arg("-vV"));
    let host = version
        .as_deref()
        .and_then(|text| text.lines().find_map(|line| line.strip_prefix("host: ")));
    match (sysroot, host) {
        (Some(sysroot), Some(host)) => Ok(PathBuf::from(sysroot.trim())
            .join("lib/rustlib")
            .join(host)
            .join("bin")),
        _ => Err(Failure::new(
            "`rustc` does not answer; install Rust from https://rustup.rs",
        )),
    }
}
