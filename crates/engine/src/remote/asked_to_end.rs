//! Being asked to end by the system or a person (`kill <pid>`): the run ends as Cancelled and says why.

use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::{emulate_default_handler, signal_name};

use crate::cancel::CancelToken;

/// How long the run may take to wind down and report: tasks have 5 s, the rest is for a busy server. After it
/// the signal does what it always does, and the agent reports that.
const WINDING_DOWN: Duration = Duration::from_secs(15);

/// Listens to the signals until it is dropped.
pub(super) struct AskedToEnd {
    /// `None` when the system does not let us listen; then a signal ends the process, as without all this.
    signals: Option<Handle>,
    over: CancelToken,
}

impl AskedToEnd {
    /// Cancels `cancel` at the first signal.
    pub(super) fn listen(cancel: CancelToken) -> Self {
        let over = CancelToken::new();
        let signals = Signals::new([SIGTERM, SIGINT]).ok();
        let handle = signals.as_ref().map(Signals::handle);
        if let Some(mut signals) = signals {
            let over = over.clone();
            let work = move || {
                let Some(signal) = signals.forever().next() else {
                    return;
                };
                let name = signal_name(signal).unwrap_or("a signal");
                let pid = std::process::id();
                cancel.cancel_because(format!(
                    "The process of this flow run (PID {pid}) was asked to end by {name}."
                ));
                if !over.wait(WINDING_DOWN) {
                    // Fails only for signals that have no default.
                    let _ = emulate_default_handler(signal);
                }
            };
            // Without the thread the run goes on; only SIGKILL then ends it.
            let _ = thread::Builder::new()
                .name("flowdeck-signals".to_owned())
                .spawn(work);
        }
        Self {
            signals: handle,
            over,
        }
    }
}

impl Drop for AskedToEnd {
    fn drop(&mut self) {
        self.over.cancel();
        if let Some(signals) = &self.signals {
            signals.close();
        }
    }
}
