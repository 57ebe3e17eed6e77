//! What people see in the terminal: tables, colours, times. It knows text, not the API.

pub mod ink;
pub mod moment;
pub mod table;

use std::io::Write as _;

/// Prints a line on standard output. A reader that has gone away, as in `flowdeck get flows | head`, ends the
/// command without a word: what is left to say has nobody to hear it.
pub fn say(line: impl AsRef<str>) {
    if writeln!(std::io::stdout(), "{}", line.as_ref()).is_err() {
        std::process::exit(0);
    }
}
