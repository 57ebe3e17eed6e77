//! Waiting for the person or the system to ask this process to stop.

use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;

/// Completes at the first Ctrl-C, SIGTERM or SIGHUP. Where SIGHUP is ignored (`nohup`), it stays so: this
/// process is to outlive its terminal.
pub async fn asked_to_stop() -> Result<(), Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| Failure::new(format!("Signals cannot be listened to ({error}).")))
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    if hang_up_is_ignored() {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        return Ok(());
    }
    let mut hang_up = listen(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

/// Whether this process was started with SIGHUP ignored. Where there is no `/proc` it counts as not ignored.
fn hang_up_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored_signals(&status) & 1 << (rustix::process::Signal::HUP.as_raw() - 1) != 0
}

/// The mask of ignored signals in a text in the form of `/proc/self/status`: bit 0 is signal 1.
fn ignored_signals(status: &str) -> u64 {
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

/// The same for a program without a runtime: blocks until then.
pub fn wait() -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| Failure::new(format!("Signals cannot be listened to ({error}).")))?
        .block_on(asked_to_stop())
}

/// Ends the process when it is asked once more, for people who do not want to wait for what is under way.
pub fn exit_when_asked_again() {
    std::thread::spawn(|| {
        if wait().is_ok() {
            // 128 + SIGINT, as shells say it.
            std::process::exit(130);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_their_mask() {
        let status = "Name:\tflowdeck\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored_signals(status), 0x1001);
        assert_eq!(ignored_signals("nonsense"), 0);
    }
}
