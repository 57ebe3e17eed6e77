//! Waiting for the person or the system to ask this process to stop.

use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;

/// Completes at the first Ctrl-C, SIGTERM or SIGHUP.
pub async fn asked_to_stop() -> Result<(), Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| Failure::new(format!("Signals cannot be listened to ({error}).")))
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
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
