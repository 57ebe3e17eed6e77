//! All lines of a log, from the first to the last, for a file.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ApiError;
use crate::api::log::{Page, page};
use crate::model::{LogLine, LogOf};

/// How many lines are asked for at once.
const PAGE: usize = 5_000;

/// What gets the lines, page by page, and `None` after the last one.
pub type LogSink = Box<dyn FnMut(Option<Vec<LogLine>>)>;

/// Reads whole logs. Handles only.
#[derive(Clone, Copy)]
pub struct LogReader {
    /// How many lines have been read, and of how many; `None` when nothing is being read.
    pub progress: RwSignal<Option<(usize, usize)>>,
    /// Why the last reading broke off.
    pub failure: RwSignal<Option<String>>,
    /// Begins to read.
    pub read: Callback<(LogOf, LogSink)>,
    /// Breaks off.
    pub stop: Callback<()>,
}

/// Reads whole logs, one at a time, for as long as the calling component lives.
pub fn use_log_reader() -> LogReader {
    let (progress, failure) = (RwSignal::new(None), RwSignal::new(None));
    let request = StoredValue::new(None::<AbortHandle>);
    let stop = Callback::new(move |()| {
        if let Some(request) = request.try_update_value(Option::take).flatten() {
            request.abort();
        }
        let _ = progress.try_set(None);
    });
    on_cleanup(move || stop.run(()));
    let read = Callback::new(move |(of, sink): (LogOf, LogSink)| {
        stop.run(());
        failure.set(None);
        progress.set(Some((0, 0)));
        let sink = Rc::new(RefCell::new(sink));
        let (reading, handle) = abortable(whole(of, Rc::clone(&sink), progress));
        request.set_value(Some(handle));
        spawn_local(async move {
            if let Ok(result) = reading.await {
                let _ = progress.try_set(None);
                match result {
                    Ok(()) => (sink.borrow_mut())(None),
                    Err(error) => {
                        let _ = failure.try_set(Some(error.to_string()));
                    }
                }
            }
        });
    });
    LogReader {
        progress,
        failure,
        read,
        stop,
    }
}

async fn whole(
    of: LogOf,
    sink: Rc<RefCell<LogSink>>,
    progress: RwSignal<Option<(usize, usize)>>,
) -> Result<(), ApiError> {
    let (mut from, mut read, mut total) = (Page::First, 0, 0);
    loop {
        let found = page(of, from, PAGE, from == Page::First).await?;
        let last = found.lines.last().map(|line| line.key);
        read += found.lines.len();
        total = found.count.max(total).max(read);
        (sink.borrow_mut())(Some(found.lines));
        let _ = progress.try_set(Some((read, total)));
        match last {
            Some(key) if found.is_full => from = Page::After(key),
            _ => return Ok(()),
        }
    }
}
