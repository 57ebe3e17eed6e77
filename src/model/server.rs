//! The server that answers.

/// The server that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Where its API is: a URL, or a path on the dashboard's host.
    pub url: String,
    /// Its own version; may be empty.
    pub version: String,
    /// The version of the client library whose API it speaks; may be empty.
    pub core_version: String,
}

/// The address that programs have to be given to find the API; `None` when it is where they look by themselves.
/// `endpoint` is where the dashboard finds it: a URL, or a path on its own host; `api_port` is the API's port on that
/// host, where it is known; `page` is where the dashboard comes from, `http://localhost:8080`.
#[must_use]
pub fn address_of(endpoint: &str, api_port: Option<u64>, page: &str) -> Option<String> {
    const LOCAL: [&str; 3] = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    let local = LOCAL.into_iter().find(|host| {
        page.strip_prefix(host)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    });
    let address = match (endpoint.starts_with('/'), local) {
        (false, _) => endpoint.strip_suffix("/graphql").unwrap_or(endpoint).to_owned(),
        (true, Some(host)) => format!("{host}:{}", api_port?),
        // From elsewhere the other port may be out of reach, behind a proxy or a firewall: this one is not.
        (true, None) => format!("{page}{endpoint}"),
    };
    let is_usual = LOCAL
        .into_iter()
        .any(|host| address.strip_prefix(host) == Some(":4200"));
    (!is_usual).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_given_an_address_only_where_they_would_not_look() {
        for (endpoint, port, page, expected) in [
            ("/graphql", Some(4200), "http://localhost:8080", None),
            ("/graphql", Some(4200), "http://127.0.0.1:8080", None),
            (
                "/graphql",
                Some(4201),
                "http://localhost:8081",
                Some("http://localhost:4201"),
            ),
            (
                "/tools/graphql",
                Some(4201),
                "http://localhost",
                Some("http://localhost:4201"),
            ),
            ("/graphql", None, "http://localhost:8080", None),
            (
                "http://localhost:4200/graphql",
                None,
                "http://localhost:8080",
                None,
            ),
            (
                "https://x.example/graphql",
                None,
                "http://localhost:8080",
                Some("https://x.example"),
            ),
            (
                "/tools/graphql",
                Some(4200),
                "https://x.example",
                Some("https://x.example/tools/graphql"),
            ),
            (
                "/graphql",
                Some(4200),
                "http://localhost.example",
                Some("http://localhost.example/graphql"),
            ),
        ] {
            let found = address_of(endpoint, port, page);
            assert_eq!(found.as_deref(), expected, "{endpoint} {port:?} {page}");
        }
    }
}
