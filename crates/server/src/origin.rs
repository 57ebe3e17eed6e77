//! Which web pages may ask the server. There is no log-in, and whoever may ask may have programs started: without
//! this, any page somebody opens could.
//!
//! A browser says with every `POST` whose page sends it (`Origin`), and a page cannot change what it says. Programs
//! (the Python client, agents, curl) say nothing, and are not asked.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use axum::http::{HeaderMap, header};

/// Where a page comes from, as browsers write it: `https://flows.example.com`, `http://localhost:3000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The name or address without scheme and port.
    fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        without_port(authority)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = String;

    /// Reads a scheme, a host and perhaps a port; a slash at the end and the scheme's own port are dropped, as
    /// browsers do.
    fn from_str(text: &str) -> Result<Origin, String> {
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
        let lower = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let parts = lower
            .split_once("://")
            .filter(|(scheme, authority)| !scheme.is_empty() && !without_port(authority).is_empty())
            .filter(|(_, authority)| authority.chars().all(is_host));
        let Some((scheme, authority)) = parts else {
            return Err(format!(
                "{text} is no origin of a web page. Write it like https://flows.example.com, without a path."
            ));
        };
        let own_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => "",
        };
        let authority = authority.strip_suffix(own_port).unwrap_or(authority);
        Ok(Origin(format!("{scheme}://{authority}")))
    }
}

/// Whose requests are answered.
#[derive(Clone, Debug, Default)]
pub struct Visitors {
    /// Whether the server listens for its own machine only.
    pub is_local: bool,
    /// Origins that may ask beside this machine's own pages.
    pub allowed: Vec<Origin>,
}

impl Visitors {
    /// Whether the page that sends a request with these headers may ask.
    ///
    /// May: a program; a page of this machine, any port; an allowed origin; the page that was served under the same
    /// `https` name as the request (a proxy in front of the server). A server for other machines, too, is asked by
    /// pages of the host name it is asked under; one for its own machine is not, because any name can be made to
    /// lead there (DNS rebinding).
    ///
    /// # Errors
    /// It may not: the sentence for it names the origin and the option.
    pub fn admit(&self, headers: &HeaderMap) -> Result<(), String> {
        let text = |name| {
            headers
                .get(name)
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
        };
        let Some(origin) = text(header::ORIGIN) else {
            return Ok(());
        };
        // Only said of `https` pages and localhost, where no other server's name can have been borrowed.
        if text(header::HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site == "same-origin") {
            return Ok(());
        }
        let Ok(origin) = origin.parse::<Origin>() else {
            return Err("A web page without an address of its own may not use this server.".to_owned());
        };
        if self.allowed.contains(&origin) {
            return Ok(());
        }
        let asked_for = text(header::HOST).unwrap_or_default().to_ascii_lowercase();
        let host = without_port(&asked_for);
        let may = if self.is_local {
            is_this_machine(origin.host()) && is_address_or_this_machine(host)
        } else {
            is_this_machine(origin.host()) || origin.host() == host
        };
        if may {
            return Ok(());
        }
        let under = if is_this_machine(origin.host()) {
            format!(" under the name {host}")
        } else {
            String::new()
        };
        Err(format!(
            "Web pages of {origin} may not use this server{under}. If they should, start it with --allow-origin {origin}."
        ))
    }
}

/// A host that no name server has a say in.
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || address(host).is_some_and(|ip| ip.is_loopback())
}

/// An address cannot be made to lead elsewhere, whosever it is.
fn is_address_or_this_machine(host: &str) -> bool {
    is_this_machine(host) || address(host).is_some()
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// `localhost` of `localhost:8080`, `[::1]` of `[::1]:8080`.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for (text, origin, host) in [
            (
                "https://Flows.example.com/",
                "https://flows.example.com",
                "flows.example.com",
            ),
            ("https://a.b:443", "https://a.b", "a.b"),
            ("http://a.b:80", "http://a.b", "a.b"),
            ("http://a.b:8080", "http://a.b:8080", "a.b"),
            ("http://[::1]:8080", "http://[::1]:8080", "[::1]"),
            ("http://[::1]", "http://[::1]", "[::1]"),
        ] {
            let read: Origin = text.parse().unwrap();
            assert_eq!((read.to_string().as_str(), read.host()), (origin, host), "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "flows.example.com",
            "https://",
            "https://:80",
            "https://a.b/flowdeck",
            "://a",
        ] {
            let error = text.parse::<Origin>().unwrap_err();
            assert!(error.contains("Write it like https://"), "{error}");
        }
    }

    /// Whether a request with this `Origin`, `Host` and `Sec-Fetch-Site` may come in (an empty one is not sent).
    fn may(visitors: &Visitors, origin: &str, host: &str, site: &str) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in [("origin", origin), ("host", host), ("sec-fetch-site", site)] {
            if !value.is_empty() {
                headers.insert(name, value.parse().unwrap());
            }
        }
        visitors.admit(&headers).is_ok()
    }

    #[test]
    fn a_server_for_its_machine_is_asked_by_its_machines_pages() {
        let visitors = Visitors {
            is_local: true,
            allowed: vec!["https://flows.example.com".parse().unwrap()],
        };
        for (origin, host, site, expected) in [
            // Programs, also where a container or a proxy gives the machine another name.
            ("", "localhost:4200", "", true),
            ("", "host.docker.internal:4200", "", true),
            // The dashboard, by any way.
            ("http://localhost:8080", "localhost:4200", "same-site", true),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", "", true),
            ("http://[::1]:8080", "[::1]:8080", "", true),
            ("http://ui.localhost:3000", "localhost:4200", "cross-site", true),
            // Others.
            ("https://evil.example", "localhost:4200", "cross-site", false),
            (
                "http://localhost.evil.example",
                "localhost:4200",
                "cross-site",
                false,
            ),
            (
                "http://127.0.0.1.evil.example",
                "localhost:4200",
                "cross-site",
                false,
            ),
            ("null", "localhost:4200", "cross-site", false),
            // Names that were made to lead here.
            ("http://evil.example:8080", "evil.example:8080", "", false),
            ("http://localhost:3000", "evil.example:8080", "", false),
            // A proxy on this machine: by its https name, whether it hands that on or not, and by the option.
            ("https://proxy.example", "proxy.example", "same-origin", true),
            ("https://proxy.example", "127.0.0.1:8080", "same-origin", true),
            ("https://flows.example.com", "127.0.0.1:8080", "", true),
            (
                "https://flows.example.com",
                "flows.example.com",
                "cross-site",
                true,
            ),
            ("http://flows.example.com", "flows.example.com", "", false),
        ] {
            assert_eq!(
                may(&visitors, origin, host, site),
                expected,
                "{origin} {host} {site}"
            );
        }
    }

    #[test]
    fn a_server_for_other_machines_is_asked_under_its_names() {
        let visitors = Visitors::default();
        for (origin, host, expected) in [
            ("http://flows.lan:8080", "flows.lan:4200", true),
            ("http://192.168.0.7:8080", "192.168.0.7:8080", true),
            ("http://localhost:8080", "flows.lan:4200", true),
            ("https://evil.example", "flows.lan:4200", false),
        ] {
            assert_eq!(may(&visitors, origin, host, ""), expected, "{origin} {host}");
        }
    }

    #[test]
    fn a_refusal_names_the_origin_and_the_option() {
        let visitors = Visitors {
            is_local: true,
            ..Visitors::default()
        };
        let mut headers = HeaderMap::new();
        headers.insert("origin", "https://evil.example".parse().unwrap());
        assert_eq!(
            visitors.admit(&headers).unwrap_err(),
            "Web pages of https://evil.example may not use this server. If they should, start it with \
             --allow-origin https://evil.example."
        );
    }
}
