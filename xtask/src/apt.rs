//! Debian packages, installed only where that is possible without asking: as root, with `apt-get` there.

use rustix::process::geteuid;

use crate::failure::Result;
use crate::process;

/// Whether this machine lets us install packages.
pub fn can_install() -> bool {
    geteuid().is_root() && process::find_on_path("apt-get").is_some()
}

/// Installs `packages` and nothing they merely recommend.
///
/// The package list is refreshed first: an old one may offer a version that is no longer on the mirror, or one that is
/// too old for us. Where refreshing fails the list at hand may still do, so only the installation decides.
pub fn install(packages: &[&str]) -> Result<()> {
    let refreshed = process::run(process::command("apt-get").args(["update", "-q"]));
    let mut command = process::command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages);
    process::run(&mut command).or_else(|failure| refreshed.and(Err(failure)))
}

/// The command to show a person where we may not install ourselves.
pub fn advice(packages: &[&str]) -> String {
    format!("sudo apt-get install {}", packages.join(" "))
}
