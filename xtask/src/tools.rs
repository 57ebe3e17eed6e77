//! The build tools of the dashboard: found on `PATH` when the version is right, otherwise installed from the registries.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::process;
use crate::steps::Steps;
use crate::workspace;

/// The last trunk that our compiler builds: 0.22 wants rustc 1.96.
const TRUNK: &str = "0.21.14";
/// Debian's binaryen 108 breaks the module (`WebAssembly.Table.set(): Argument 1 is invalid`), so only npm's is used.
const BINARYEN: &str = "132";
/// Deque's checker of what assistive technology meets; the browser tests run it in every page.
const AXE: &str = "4.14.1";
/// The last Prefect 1, whose client the API is for, and the names of the Pythons it runs on.
const PREFECT: &str = "1.4.1";
const PYTHONS: [&str; 6] = [
    "python3.11",
    "python3.10",
    "python3.9",
    "python3.8",
    "python3",
    "python",
];
/// The two layouts that most pages of this kind use: for the measurement only, nothing of them is delivered.
const DAGRE: &str = "3.1.3";
const ELKJS: &str = "0.12.1";

/// The tools of one dashboard build.
pub struct Tools {
    /// trunk, which leads the build.
    pub trunk: PathBuf,
    /// The folder of `wasm-bindgen`, to be put in front of `PATH`.
    pub wasm_bindgen_dir: PathBuf,
    /// Binaryen's library for Node, which makes the module 9 % smaller; the build works without.
    pub binaryen: Option<PathBuf>,
}

/// Finds or installs all of them.
pub fn ensure(steps: &Steps) -> Result<Tools> {
    let trunk = Crate {
        name: "trunk",
        program: "trunk",
        version: TRUNK.to_owned(),
        flags: &["--no-default-features"],
    };
    let wasm_bindgen = Crate {
        name: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        // The generated JavaScript and the library in the module must be of one version, to the last digit.
        version: workspace::locked_version("wasm-bindgen")?,
        flags: &[],
    };
    let wasm_bindgen_dir = wasm_bindgen
        .ensure(steps)?
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    Ok(Tools {
        trunk: trunk.ensure(steps)?,
        wasm_bindgen_dir,
        binaryen: binaryen(steps)?,
    })
}

/// A tool that cargo can install.
struct Crate {
    name: &'static str,
    program: &'static str,
    version: String,
    flags: &'static [&'static str],
}

impl Crate {
    /// The path of the program in exactly this version.
    fn ensure(&self, steps: &Steps) -> Result<PathBuf> {
        let folder = workspace::tools_dir()?.join(format!("{}-{}", self.name, self.version));
        let installed = folder.join("bin").join(self.program);
        for candidate in process::find_on_path(self.program)
            .into_iter()
            .chain([installed.clone()])
        {
            if self.is_right(&candidate) {
                return Ok(candidate);
            }
        }
        let what = format!(
            "install {} {} into {} (minutes, once)",
            self.name,
            self.version,
            folder.display()
        );
        steps.step(what, || {
            self.install(&folder, true)
                .or_else(|_| self.install(&folder, false))
        })?;
        if self.is_right(&installed) {
            return Ok(installed);
        }
        Err(Failure::new(format!(
            "{} does not answer to --version with {}",
            installed.display(),
            self.version
        )))
    }

    /// `trunk 0.21.14`, `wasm-bindgen 0.2.130`: the version is the last word.
    fn is_right(&self, candidate: &Path) -> bool {
        let answer = process::output_of(process::command(candidate).arg("--version"));
        answer.is_some_and(|answer| answer.split_whitespace().last() == Some(&self.version))
    }

    /// With `locked`, exactly the libraries its authors tested; a registry mirror that lags behind may lack one of
    /// them, which is why there is a second try without.
    fn install(&self, folder: &Path, locked: bool) -> Result<()> {
        let mut command = process::cargo();
        command
            .args(["install", self.name, "--version", &self.version])
            .args(self.flags);
        command.arg("--root").arg(folder);
        if locked {
            command.arg("--locked");
        }
        // A tool that runs for seconds need not be built for speed: half the time to install it.
        command.env("CARGO_PROFILE_RELEASE_LTO", "off");
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        // Without this the leftovers of the tool would stay in our target directory.
        command.env_remove("CARGO_TARGET_DIR");
        process::run(&mut command)
    }
}

/// Binaryen from npm, or nothing where Node is missing or npm cannot fetch it.
fn binaryen(steps: &Steps) -> Result<Option<PathBuf>> {
    let without = "the module gets 9 % larger";
    npm(steps, "binaryen", BINARYEN, "binaryen/index.js", without)
}

/// axe-core's script, or nothing where Node is missing or npm cannot fetch it.
pub fn axe(steps: &Steps) -> Result<Option<PathBuf>> {
    let without = "the test of accessibility says that it is skipped";
    npm(steps, "axe-core", AXE, "axe-core/axe.min.js", without)
}

/// The interpreter of a Python environment with the client that the API is for, or nothing where there is no Python that
/// the client runs on, or pip cannot fetch it.
pub fn prefect(steps: &Steps) -> Result<Option<PathBuf>> {
    const WITHOUT: &str = "the test of the Python client says that it is skipped";
    let folder = workspace::tools_dir()?.join(format!("prefect-{PREFECT}"));
    let (python, client) = (folder.join("bin/python"), folder.join("bin/prefect"));
    let is_there = || process::output_of(process::command(&client).arg("version")).is_some();
    if client.exists() && is_there() {
        return Ok(Some(python));
    }
    let names = PYTHONS.iter().filter_map(|name| process::find_on_path(name));
    let Some(found) = names.into_iter().find(|python| is_old_enough(python)) else {
        steps.say(format!(
            "prefect: left out, because no Python from 3.8 to 3.11 is installed ({WITHOUT})"
        ));
        return Ok(None);
    };
    let installed = steps.step(
        format!("install prefect {PREFECT} from PyPI into {}", folder.display()),
        || {
            process::run(
                process::command(&found)
                    .args(["-m", "venv", "--clear"])
                    .arg(&folder),
            )?;
            let mut pip = process::command(&python);
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
            // Its newest marshmallow is one that it does not work with.
            process::run(pip.args([format!("prefect=={PREFECT}"), "marshmallow<4".to_owned()]))
        },
    );
    if installed.is_err() || !is_there() {
        steps.say(format!(
            "prefect: left out, because pip could not install it ({WITHOUT})"
        ));
        return Ok(None);
    }
    Ok(Some(python))
}

/// Whether the client runs on this Python, and it can make environments.
fn is_old_enough(python: &Path) -> bool {
    let ask = "import ensurepip, sys, venv; print((3, 8) <= sys.version_info < (3, 12))";
    let answer = process::output_of(process::command(python).args(["-c", ask]));
    answer.is_some_and(|answer| answer.trim() == "True")
}

/// The scripts of dagre and elkjs, with which the schematic's layout is compared.
pub fn layouts(steps: &Steps) -> Result<Option<(PathBuf, PathBuf)>> {
    let without = "there is nothing to compare the layout with";
    let dagre = npm(
        steps,
        "@dagrejs/dagre",
        DAGRE,
        "@dagrejs/dagre/dist/dagre.min.js",
        without,
    )?;
    let elk = npm(steps, "elkjs", ELKJS, "elkjs/lib/elk.bundled.js", without)?;
    Ok(dagre.zip(elk))
}

/// A file of an npm package in exactly this version, installed into the tools' folder once; `without` says what it
/// means when there is none.
fn npm(steps: &Steps, name: &str, version: &str, file: &str, without: &str) -> Result<Option<PathBuf>> {
    let folder = workspace::tools_dir()?.join(format!("{}-{version}", name.replace('/', "-")));
    let wanted = folder.join("node_modules").join(file);
    if wanted.exists() {
        return Ok(Some(wanted));
    }
    if process::find_on_path("npm").is_none() || process::find_on_path("node").is_none() {
        steps.say(format!(
            "{name}: left out, because Node is not installed ({without})"
        ));
        return Ok(None);
    }
    let mut npm = process::command("npm");
    npm.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
        "--prefix",
    ])
    .arg(&folder);
    npm.arg(format!("{name}@{version}"));
    let installed = steps.step(
        format!("install {name} {version} from npm into {}", folder.display()),
        || process::run(&mut npm),
    );
    if installed.is_err() || !wanted.exists() {
        steps.say(format!(
            "{name}: left out, because npm could not install it ({without})"
        ));
        return Ok(None);
    }
    Ok(Some(wanted))
}
