//! Ports for servers that must come back on the same one after a restart.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range from which the system gives ports to outgoing connections (32768 on Linux): while a server is
/// down for a restart, no connection can be given its port.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port nobody listens on, and which no other call in this process returns.
pub fn free() -> u16 {
    // Spread by process, so that two test programs at a time hardly ever try the same.
    let start = std::process::id().wrapping_mul(251) % u32::from(COUNT);
    for _ in 0..COUNT {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = u16::try_from((start + step) % u32::from(COUNT)).unwrap_or(0);
        if TcpListener::bind(("127.0.0.1", FIRST + offset)).is_ok() {
            return FIRST + offset;
        }
    }
    panic!("all ports from {FIRST} to {} are taken", FIRST + COUNT);
}
