//! Ports that nothing else is given: neither while a server is down for a restart, nor between the look and the start.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which the system gives ports to outgoing connections and to those who ask for any (32768 on
/// Linux).
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port nobody listens on, by IPv4 or IPv6, and which no other call in this process returns.
pub fn free() -> u16 {
    // Spread by process, so that two test programs at a time hardly ever try the same.
    let start = std::process::id().wrapping_mul(251) % u32::from(COUNT);
    for _ in 0..COUNT {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = u16::try_from((start + step) % u32::from(COUNT)).unwrap_or(0);
        let port = FIRST + offset;
        if !is_taken("127.0.0.1", port) && !is_taken("::1", port) {
            return port;
        }
    }
    panic!("all ports from {FIRST} to {} are taken", FIRST + COUNT);
}

/// Whether somebody has the port; not where the machine does not have the address at all.
fn is_taken(host: &str, port: u16) -> bool {
    TcpListener::bind((host, port)).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}
