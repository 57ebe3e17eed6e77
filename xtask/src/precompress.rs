//! Compresses the built dashboard ahead of time, so that the server only picks a file.

use std::fmt;
use std::fs;
use std::io::Write;
use std::iter::Sum;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::failure::{Context, Result};
use crate::freshness;

/// What assets weigh on the wire, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// As they lie on disk.
    pub plain: u64,
    /// With gzip, level 9.
    pub gzip: u64,
    /// With brotli, quality 11.
    pub brotli: u64,
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::default(), |sum, one| Self {
            plain: sum.plain + one.plain,
            gzip: sum.gzip + one.gzip,
            brotli: sum.brotli + one.brotli,
        })
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kb = |bytes: u64| bytes.div_ceil(1000);
        let Self { plain, gzip, brotli } = *self;
        write!(
            f,
            "{} kB brotli, {} kB gzip, {} kB plain",
            kb(brotli),
            kb(gzip),
            kb(plain)
        )
    }
}

/// Pictures and fonts that are compressed already gain nothing.
const COMPRESSIBLE: [&str; 10] = [
    "wasm",
    "bin",
    "js",
    "css",
    "html",
    "svg",
    "json",
    "txt",
    "webmanifest",
    "ico",
];

/// Writes `x.br` and `x.gz` beside every compressible `x` in `dist` whose twins are missing or older.
pub fn run(dist: &Path) -> Result<()> {
    for asset in assets(dist)? {
        let plain = fs::read(&asset).context(format!("read {}", asset.display()))?;
        let [brotli_twin, gzip_twin] = twins(&asset);
        if is_stale(&asset, &brotli_twin) {
            fs::write(&brotli_twin, brotli(&plain)?).context(format!("write {}", brotli_twin.display()))?;
        }
        if is_stale(&asset, &gzip_twin) {
            fs::write(&gzip_twin, gzip(&plain)?).context(format!("write {}", gzip_twin.display()))?;
        }
    }
    Ok(())
}

/// Every compressible asset with what it weighs; to be called after `run`.
pub fn weigh(dist: &Path) -> Result<Vec<(PathBuf, Weight)>> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let weigh_one = |asset: PathBuf| {
        let [brotli, gzip] = twins(&asset);
        let weight = Weight {
            plain: size(&asset),
            gzip: size(&gzip),
            brotli: size(&brotli),
        };
        (asset, weight)
    };
    Ok(assets(dist)?.into_iter().map(weigh_one).collect())
}

fn assets(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    freshness::collect(dist, &mut files)?;
    files.retain(|file| {
        file.extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| COMPRESSIBLE.contains(&extension))
    });
    files.sort();
    Ok(files)
}

fn twins(asset: &Path) -> [PathBuf; 2] {
    ["br", "gz"].map(|ending| {
        let mut name = asset.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    })
}

fn is_stale(asset: &Path, twin: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let made_at: Option<SystemTime> = modified(twin);
    made_at.is_none() || made_at < modified(asset)
}

fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut packed, &parameters).context("compress with brotli")?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder
        .write_all(plain)
        .and_then(|()| encoder.finish())
        .context("compress with gzip")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn twins_unpack_to_the_asset_and_pictures_are_left_alone() {
        let dist = tempfile::tempdir().unwrap();
        let text = "flow run ".repeat(500);
        fs::write(dist.path().join("app.css"), &text).unwrap();
        fs::write(dist.path().join("logo.png"), &text).unwrap();
        run(dist.path()).unwrap();

        let mut unpacked = String::new();
        let packed = fs::read(dist.path().join("app.css.gz")).unwrap();
        flate2::read::GzDecoder::new(&*packed)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        let mut unpacked = Vec::new();
        let packed = fs::read(dist.path().join("app.css.br")).unwrap();
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
        assert!(!dist.path().join("logo.png.br").exists());

        let weights = weigh(dist.path()).unwrap();
        assert_eq!(weights.len(), 1, "twins are not assets");
        assert!(weights[0].1.brotli < weights[0].1.plain);
        let sum: Weight = weights.iter().chain(&weights).map(|(_, weight)| *weight).sum();
        assert!(sum.to_string().ends_with(" kB gzip, 9 kB plain"), "{sum}");
    }
}
