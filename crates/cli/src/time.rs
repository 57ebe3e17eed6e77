//! The one place of the binary that asks the system for the time.

use jiff::Timestamp;

/// Now, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the time source of this crate: everybody else asks here"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A point in time as the API takes it: ISO-8601 in UTC with six fraction digits.
pub fn api_text(at: Timestamp) -> String {
    format!("{at:.6}").replace('Z', "+00:00")
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_go_out_as_the_api_writes_them() {
        let at = "2026-11-23T04:19:38.441849Z".parse().unwrap();
        assert_eq!(super::api_text(at), "2026-11-23T04:19:38.441849+00:00");
        assert_eq!(
            super::api_text("2026-11-23T04:19:38Z".parse().unwrap()),
            "2026-11-23T04:19:38.000000+00:00"
        );
    }
}
