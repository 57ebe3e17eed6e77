//! The files of the dashboard: embedded in a release build, read from `dist/` by a development build.
//!
//! The build may leave `.br` and `.gz` siblings beside a file, or in its place.

use std::borrow::Cow;
use std::io::Read as _;
use std::path::PathBuf;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../dist"]
#[allow_missing = true]
struct Embedded;

/// Where the files come from.
#[derive(Clone, Debug, Default)]
pub enum Assets {
    /// What was built into this binary.
    #[default]
    Embedded,
    /// A folder, read at each request.
    Folder(PathBuf),
}

/// How a file's bytes are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Encoding {
    /// The word in `Content-Encoding`; none for identity.
    #[must_use]
    pub fn token(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Encoding::Identity => "",
            Encoding::Gzip => ".gz",
            Encoding::Brotli => ".br",
        }
    }
}

impl Assets {
    /// The file at `path` (no leading slash) in the first of the encodings the browser accepts that there is.
    #[must_use]
    pub fn find(&self, path: &str, accept_encoding: &str) -> Option<(Cow<'static, [u8]>, Encoding)> {
        for encoding in [Encoding::Brotli, Encoding::Gzip, Encoding::Identity] {
            let accepted = encoding
                .token()
                .is_none_or(|token| accepts(accept_encoding, token));
            if let Some(bytes) = accepted
                .then(|| self.read(&format!("{path}{}", encoding.suffix())))
                .flatten()
            {
                return Some((bytes, encoding));
            }
        }
        // Only a packed form is there, and the browser takes none.
        let packed = self.read(&format!("{path}.gz"))?;
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(packed.as_ref())
            .read_to_end(&mut plain)
            .ok()?;
        Some((plain.into(), Encoding::Identity))
    }

    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        if path
            .split('/')
            .any(|part| part.is_empty() || part == ".." || part.contains('\\'))
        {
            return None;
        }
        match self {
            Assets::Embedded => Embedded::get(path).map(|file| file.data),
            Assets::Folder(folder) => std::fs::read(folder.join(path)).ok().map(Cow::Owned),
        }
    }
}

/// Whether the header `Accept-Encoding` names this encoding and does not refuse it with `q=0`.
fn accepts(header: &str, token: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(token));
        let is_refused =
            parts.any(|part| matches!(part.strip_prefix("q=").map(str::parse::<f32>), Some(Ok(0.0))));
        is_named && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_accepted_form_is_chosen() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("app.js"), "plain").unwrap();
        std::fs::write(folder.path().join("app.js.br"), "brotli").unwrap();
        std::fs::write(folder.path().join("app.js.gz"), "gzip").unwrap();
        let assets = Assets::Folder(folder.path().to_owned());
        for (accept, expected) in [
            ("gzip, deflate, br", Encoding::Brotli),
            ("gzip;q=1.0, br;q=0", Encoding::Gzip),
            ("", Encoding::Identity),
            ("deflate", Encoding::Identity),
        ] {
            assert_eq!(assets.find("app.js", accept).unwrap().1, expected, "{accept}");
        }
        assert!(assets.find("missing.js", "br").is_none());
        assert!(assets.find("../app.js", "").is_none());
    }

    #[test]
    fn a_packed_file_is_unpacked_for_those_who_need_it() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(folder.path().join("app.css.gz")).unwrap();
        let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::default());
        packer.write_all(b"body {}").unwrap();
        packer.finish().unwrap();
        let assets = Assets::Folder(folder.path().to_owned());
        let (bytes, encoding) = assets.find("app.css", "").unwrap();
        assert_eq!(
            (bytes.as_ref(), encoding),
            (b"body {}".as_slice(), Encoding::Identity)
        );
    }
}
