//! The browser that the browser tests drive: Chromium and its driver.

use crate::apt;
use crate::failure::{Failure, Result};
use crate::process;
use crate::steps::Steps;

const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Makes sure that Chromium and chromedriver are there, installing Debian's packages where we may.
pub fn ensure(steps: &Steps) -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    if apt::can_install() {
        steps.step("install Chromium and its driver (apt-get)", || {
            apt::install(&PACKAGES)
        })?;
    }
    if is_installed() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the browser tests need Chromium and chromedriver of the same version on PATH; on Debian: {}",
        apt::advice(&PACKAGES)
    )))
}

fn is_installed() -> bool {
    let chromium = ["chromium", "chromium-browser", "google-chrome"];
    process::find_on_path("chromedriver").is_some()
        && chromium.iter().any(|name| process::find_on_path(name).is_some())
}
