//! Logs: a part of one that grows at both ends on demand, and with what arrives.

use std::future::Future;
use std::pin::Pin;

use flowdeck_vocabulary::LogId;
use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::poll::{Cadence, poll, wake};
use crate::api::ApiError;
use crate::api::log::{Lines, Page, page};
use crate::model::{Log, LogKey, LogOf};
use crate::polled::Polled;

/// How many lines a page brings while one reads.
const PAGE: usize = 1_000;
/// ... and when all are wanted.
const LARGE_PAGE: usize = 4_000;

/// More of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// A page before the first line.
    Older,
    /// A page after the last line.
    Newer,
    /// All there is, page by page.
    Rest,
    /// The beginning, instead of what is here.
    Start,
    /// The end, instead of what is here.
    End,
    /// A line with those around it, instead of what is here.
    Around(LogId),
}

/// A log as far as it is here. Handles only.
#[derive(Clone, Copy)]
pub struct LogFeed {
    /// The lines.
    pub log: RwSignal<Log>,
    /// The line that is read, away from which lines may be forgotten when they are too many; `None` is the last one. Set
    /// by whoever shows them.
    pub read: StoredValue<Option<LogKey>>,
    /// Whether there is anything yet, and why there is nothing newer.
    pub polled: Polled<u32>,
    /// What is being fetched besides what arrives.
    pub loading: RwSignal<Option<Load>>,
    /// What of it did not come, and why.
    pub failure: RwSignal<Option<(Load, String)>>,
    /// The line of a link is not in this log.
    pub is_missing: RwSignal<bool>,
    /// Fetches more, instead of what is being fetched.
    pub load: Callback<Load>,
    /// Stops fetching more.
    pub stop: Callback<()>,
}

/// The log of a flow run or of one of its task runs. `moving`, which is reactive, says whether more is to be expected; `line` is the one
/// that a link leads to: then the log opens there, and otherwise at its end.
pub fn use_log(
    of: impl Fn() -> Option<LogOf> + Copy + Send + Sync + 'static,
    moving: impl Fn() -> bool + Copy + 'static,
    line: Signal<Option<LogId>>,
) -> LogFeed {
    let (log, read) = (RwSignal::new(Log::default()), StoredValue::new(None));
    let (loading, failure) = (RwSignal::new(None), RwSignal::new(None));
    let is_missing = RwSignal::new(false);
    let opening = move |of| async move {
        match line.get_untracked() {
            Some(id) => around(of, id, log, is_missing).await,
            None => open(of, Page::Last, log).await,
        }
    };
    let polled = poll(
        of,
        move |_| match (log.with_untracked(Log::behind), moving()) {
            (Some(_), _) => Cadence::AtOnce,
            (None, true) => Cadence::Live,
            (None, false) => Cadence::Slow,
        },
        move |of, previous: Option<u32>| async move {
            match previous {
                Some(revision) if log.with_untracked(|log| !log.is_empty()) => {
                    Ok(revision + u32::from(arrivals(of, (log, read)).await?))
                }
                _ => opening(of).await.map(|()| previous.unwrap_or(0) + 1),
            }
        },
    );
    wake(polled.refresh, move || _ = moving());
    let request = StoredValue::new(None::<AbortHandle>);
    let stop = Callback::new(move |()| {
        if let Some(request) = request.try_update_value(Option::take).flatten() {
            request.abort();
        }
        let _ = loading.try_set(None);
    });
    on_cleanup(move || stop.run(()));
    let load = Callback::new(move |what: Load| {
        let Some(of) = untrack(of) else { return };
        stop.run(());
        loading.set(Some(what));
        failure.set(None);
        let (fetched, handle) = abortable(fetch(of, what, (log, read), is_missing));
        request.set_value(Some(handle));
        spawn_local(async move {
            // Aborted: somebody else sets the signals now.
            if let Ok(result) = fetched.await {
                let _ = loading.try_set(None);
                if let Err(error) = result {
                    let _ = failure.try_set(Some((what, error.to_string())));
                }
            }
        });
    });
    LogFeed {
        log,
        read,
        polled,
        loading,
        failure,
        is_missing,
        load,
        stop,
    }
}

type Fetched<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

type Book = (RwSignal<Log>, StoredValue<Option<LogKey>>);

fn fetch(of: LogOf, what: Load, book: Book, is_missing: RwSignal<bool>) -> Fetched<()> {
    Box::pin(async move {
        let (log, _) = book;
        match what {
            Load::Older => older(of, book, PAGE).await,
            Load::Newer => newer(of, book, PAGE).await,
            Load::Start => open(of, Page::First, log).await,
            Load::End => open(of, Page::Last, log).await,
            Load::Around(id) => around(of, id, log, is_missing).await,
            Load::Rest => {
                let wanting = |has: fn(&Log) -> bool| {
                    log.try_with_untracked(|log| has(log) && !log.is_full())
                        .unwrap_or(false)
                };
                while wanting(Log::has_older) {
                    older(of, book, LARGE_PAGE).await?;
                }
                while wanting(Log::has_newer) {
                    newer(of, book, LARGE_PAGE).await?;
                }
                Ok(())
            }
        }
    })
}

/// Begins anew at one of the ends.
fn open(of: LogOf, end: Page, log: RwSignal<Log>) -> Fetched<()> {
    Box::pin(async move {
        let Lines {
            lines,
            is_full,
            count,
            arrived,
        } = page(of, end, PAGE, true).await?;
        let beyond = if end == Page::First {
            (false, is_full)
        } else {
            (is_full, false)
        };
        let _ = log.try_update(|log| log.open(lines, beyond, count, arrived));
        Ok(())
    })
}

/// Begins anew with a line and those around it, or at the end when there is no such line.
fn around(of: LogOf, id: LogId, log: RwSignal<Log>, is_missing: RwSignal<bool>) -> Fetched<()> {
    Box::pin(async move {
        let found = page(of, Page::Line(id), 1, false).await?;
        let key = found.lines.first().map(|line| line.key);
        let _ = is_missing.try_set(key.is_none());
        let Some(key) = key else {
            return open(of, Page::Last, log).await;
        };
        let before = page(of, Page::UpTo(key), PAGE / 2, true).await?;
        let after = page(of, Page::After(key), PAGE / 2, false).await?;
        let beyond = (before.is_full, after.is_full);
        let lines = before.lines.into_iter().chain(after.lines).collect();
        let _ = log.try_update(|log| log.open(lines, beyond, before.count, before.arrived));
        Ok(())
    })
}

fn older(of: LogOf, (log, read): Book, limit: usize) -> Fetched<()> {
    Box::pin(async move {
        let Some((opening, Some(first))) = log.try_with_untracked(|log| (log.opening(), log.first())) else {
            return Ok(());
        };
        let found = page(of, Page::Before(first), limit, false).await?;
        update(log, opening, |log| {
            log.add_older(found.lines, found.is_full);
            log.make_room(read.try_get_value().flatten());
            true
        });
        Ok(())
    })
}

fn newer(of: LogOf, (log, read): Book, limit: usize) -> Fetched<()> {
    Box::pin(async move {
        let Some((opening, Some(last))) = log.try_with_untracked(|log| (log.opening(), log.last())) else {
            return Ok(());
        };
        let found = page(of, Page::After(last), limit, false).await?;
        update(log, opening, |log| {
            log.add_newer(found.lines, found.is_full);
            log.make_room(read.try_get_value().flatten());
            true
        });
        Ok(())
    })
}

/// A page of what has arrived since the last time; how much more there is, the log knows. Answers whether anything of it
/// is new.
fn arrivals(of: LogOf, (log, read): Book) -> Fetched<bool> {
    Box::pin(async move {
        let from = |log: &Log| match log.behind() {
            Some((time, id)) => Some(Page::ArrivedAfter(time, id)),
            None => log.cursor().map(Page::Arrived).filter(|_| !log.has_newer()),
        };
        let known = log.try_with_untracked(|log| (log.opening(), from(log)));
        let Some((opening, Some(from))) = known else {
            return Ok(false);
        };
        let found = page(of, from, LARGE_PAGE, false).await?;
        let mut is_news = false;
        // Whoever reads the log counts and draws anew: nothing is said when there is no news.
        update(log, opening, |log| {
            is_news = log.arrive(found.lines, found.is_full);
            log.make_room(read.try_get_value().flatten());
            is_news
        });
        Ok(is_news)
    })
}

/// Changes the log, unless it has been opened anew since the question was asked. `change` answers whether there is
/// anything to tell.
fn update(log: RwSignal<Log>, opening: u32, change: impl FnOnce(&mut Log) -> bool) {
    let _ = log.try_maybe_update(|log| {
        let is_news = log.opening() == opening && change(log);
        (is_news, ())
    });
}
