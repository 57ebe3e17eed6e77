//! Looks whether the ports we want are free, before minutes are spent on a build, and says who holds them.

use std::io::ErrorKind;
use std::net::{TcpListener, ToSocketAddrs};

use crate::failure::{Failure, Result};
use crate::port_holder::holder;

/// Where the dashboard and the API will listen, as `flowdeck server start` understands its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The address to listen on.
    pub host: String,
    /// The dashboard's port; 0 lets the system choose.
    pub dashboard: u16,
    /// The API's port; 0 lets the system choose.
    pub api: u16,
}

impl Ports {
    /// Reads `--host`, `--port` and `--api-port` out of arguments that are otherwise passed on as they are.
    pub fn from_args(args: &[String]) -> Result<Self> {
        let port = |flag: &str, default: u16| match value_of(args, flag) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .map_err(|_| Failure::new(format!("{flag} takes a number from 0 to 65535, not '{text}'"))),
        };
        Ok(Self {
            host: value_of(args, "--host").unwrap_or("127.0.0.1").to_owned(),
            dashboard: port("--port", 8080)?,
            api: port("--api-port", 4200)?,
        })
    }

    /// Fails with one line that names the holder of each taken port and the command that avoids it.
    pub fn check_free(&self, command: &str) -> Result<()> {
        let mut taken = Vec::new();
        let mut remedy = command.to_owned();
        for (flag, port) in [("--port", self.dashboard), ("--api-port", self.api)] {
            if is_taken(&self.host, port) {
                let holder = holder(port).unwrap_or_else(|| "another program".to_owned());
                taken.push(format!("port {port} is taken by {holder}"));
                remedy += &format!(" {flag} {}", self.next_free(port));
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "{}; choose another: {remedy}",
            taken.join(" and ")
        )))
    }

    fn next_free(&self, taken: u16) -> u16 {
        (taken..u16::MAX)
            .skip(1)
            .find(|port| !is_taken(&self.host, *port))
            .unwrap_or(0)
    }
}

/// The arguments without `--port` and its value.
pub fn without_port(args: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "--port" {
            rest.next();
        } else if !arg.starts_with("--port=") {
            kept.push(arg.clone());
        }
    }
    kept
}

fn value_of<'a>(args: &'a [String], flag: &str) -> Option<&'a str> {
    let joined = |arg: &'a String| arg.strip_prefix(flag).and_then(|rest| rest.strip_prefix('='));
    args.iter().enumerate().find_map(|(at, arg)| {
        if arg == flag {
            args.get(at + 1).map(String::as_str)
        } else {
            joined(arg)
        }
    })
}

fn is_taken(host: &str, port: u16) -> bool {
    let Ok(addresses) = (host, port).to_socket_addrs() else {
        return false;
    };
    port != 0
        && addresses.into_iter().any(|address| {
            TcpListener::bind(address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn arguments_are_read_in_both_spellings() {
        let ports = Ports::from_args(&args("--no-agent --port 8081 --api-port=4201 --host 0.0.0.0")).unwrap();
        assert_eq!(
            ports,
            Ports {
                host: "0.0.0.0".to_owned(),
                dashboard: 8081,
                api: 4201
            }
        );
        let defaults = Ports::from_args(&[]).unwrap();
        assert_eq!((defaults.dashboard, defaults.api), (8080, 4200));
        assert!(
            Ports::from_args(&args("--port many"))
                .unwrap_err()
                .to_string()
                .contains("'many'")
        );
    }

    #[test]
    fn the_dashboards_port_is_taken_out_in_both_spellings() {
        let rest = ["--api-port", "4201", "--no-agent"];
        assert_eq!(
            without_port(&args("--port 8081 --api-port 4201 --no-agent")),
            rest
        );
        assert_eq!(
            without_port(&args("--api-port 4201 --port=8081 --no-agent")),
            rest
        );
    }

    #[test]
    fn a_taken_port_names_its_holder_and_another_port() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listener.local_addr().unwrap().port();
        let ports = Ports {
            host: "127.0.0.1".to_owned(),
            dashboard: taken,
            api: 0,
        };
        let line = ports.check_free("cargo xtask start").unwrap_err().to_string();
        assert!(line.starts_with(&format!("port {taken} is taken by ")), "{line}");
        assert!(line.contains(&format!("(PID {})", std::process::id())), "{line}");
        assert!(line.contains("cargo xtask start --port "), "{line}");
    }

    #[test]
    fn a_port_of_the_systems_choice_is_always_free() {
        let ports = Ports {
            host: "127.0.0.1".to_owned(),
            dashboard: 0,
            api: 0,
        };
        ports.check_free("cargo xtask start").unwrap();
    }
}
