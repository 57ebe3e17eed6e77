//! Panics of tasks: caught, remembered with their place, and not printed to stderr.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs the function; a panic becomes an error with its message and place.
pub(crate) fn catch<T>(function: impl FnOnce() -> T) -> Result<T, String> {
    install();
    let outer = INSIDE.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(function));
    INSIDE.set(outer);
    outcome.map_err(|_| LAST.take().unwrap_or_else(|| "no message".to_owned()))
}

/// Puts a hook before the one in place: it keeps panics of tasks to itself and passes all others on.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if INSIDE.get() {
                LAST.set(Some(described(panic)));
            } else {
                before(panic);
            }
        }));
    });
}

fn described(panic: &PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    match panic.location() {
        Some(place) => format!("{message} (at {}:{})", place.file(), place.line()),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_place() {
        assert_eq!(catch(|| 1), Ok(1));
        let caught = catch(|| panic!("{} too many", 1)).unwrap_err();
        assert!(
            caught.starts_with("1 too many (at ") && caught.contains("quiet_panic.rs:"),
            "{caught}"
        );
    }
}
