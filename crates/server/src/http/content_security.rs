//! The content security policy of the dashboard's page: scripts only from here, plus the inline ones the build wrote.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The policy for this page. Inline scripts are allowed by their hash, so no other can be slipped in.
///
/// `style` attributes are used for positions; a dashboard may talk to a Prefect server elsewhere; artifacts may show
/// images of the web.
pub fn policy(page: &str) -> String {
    let hashes: String = inline_scripts(page)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: https:; connect-src 'self' http: https:; object-src 'none'; base-uri 'self'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// The texts of the `<script>` elements that have no `src`.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=") && !text.is_empty()).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash() {
        let page = r#"<script src="/a.js"></script><script type="module">alert(1)</script>"#;
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["alert(1)"]);
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(
            policy(page).contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"),
            "{}",
            policy(page)
        );
    }
}
