//! Where one was on each page: *back* and *forward* lead there again, and a new page begins at its top.

use leptos::prelude::*;

/// So many pages are remembered.
const MOST_PAGES: usize = 50;

/// Where a table with its own scrollbar was scrolled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TablePlace {
    /// Which of the page's tables, by its class.
    pub table: &'static str,
    /// The key of the first row in sight.
    pub key: u128,
    /// The place of that row.
    pub place: usize,
    /// How many pixels of that row are above the edge.
    pub hidden: usize,
    /// How many rows there were.
    pub count: usize,
}

/// Where one was on one page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Spot {
    /// How many pixels the page was scrolled down.
    top: Option<f64>,
    table: Option<TablePlace>,
}

#[derive(Debug, Default)]
struct Memory {
    url: String,
    here: Spot,
    /// The pages before by their URLs, the oldest first.
    past: Vec<(String, Spot)>,
    /// Where to go back to on this page, until one is there or the person does something else.
    wanted: Spot,
}

impl Memory {
    fn go(&mut self, url: String, is_return: bool) {
        let left = std::mem::replace(&mut self.url, url);
        self.past.retain(|(known, _)| *known != left);
        self.past.push((left, self.here));
        if self.past.len() > MOST_PAGES {
            self.past.remove(0);
        }
        let known = self.past.iter().find(|(known, _)| *known == self.url);
        self.here = known
            .filter(|_| is_return)
            .map_or_else(Spot::default, |(_, spot)| *spot);
        self.wanted = self.here;
    }
}

/// Where one was on each page. Copying it copies a handle.
#[derive(Clone, Copy)]
pub struct ScrollMemory(StoredValue<Memory>);

/// Provides the memory to everything below. Before the router: on *back* it is to know it first.
pub fn provide_scroll_memory() {
    let memory = ScrollMemory(StoredValue::new(Memory {
        url: address(),
        ..Memory::default()
    }));
    provide_context(memory);
    let listen = |event, then: fn(&mut Memory)| {
        let listener = window_event_listener_untyped(event, move |_| memory.0.update_value(then));
        on_cleanup(move || listener.remove());
    };
    listen("popstate", |memory| {
        let url = address();
        if url != memory.url {
            memory.go(url, true);
        }
    });
    listen("scroll", |memory| {
        if memory.wanted.top.is_none() {
            memory.here.top = Some(top());
        }
    });
    for event in ["wheel", "mousedown", "keydown", "touchstart"] {
        listen(event, |memory| memory.wanted = Spot::default());
    }
}

/// Where one was on each page.
pub fn use_scroll_memory() -> ScrollMemory {
    expect_context()
}

impl ScrollMemory {
    /// Tells that the router is at the browser's URL; whether *back* or *forward* led there.
    pub fn arrive(self, url: String) -> bool {
        let is_known = self.0.with_value(|memory| memory.url == url);
        if !is_known {
            self.0.update_value(|memory| memory.go(url, false));
        }
        is_known
    }

    /// Scrolls the page to where one was, as far as it is there already.
    pub fn restore_page(self) {
        if let Some(wanted) = self.0.with_value(|memory| memory.wanted.top) {
            window().scroll_to_with_x_and_y(0.0, wanted);
        }
    }

    /// Where a table is to be scrolled to.
    pub fn wanted_table(self) -> Option<TablePlace> {
        self.0.with_value(|memory| memory.wanted.table)
    }

    /// Takes note of where a table is scrolled to.
    pub fn see_table(self, place: TablePlace) {
        self.0.update_value(|memory| {
            memory.wanted.table = None;
            memory.here.table = Some(place);
        });
    }
}

/// The page's path and query.
fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

fn top() -> f64 {
    window().scroll_y().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_to_where_one_was_and_a_new_visit_begins_at_the_top() {
        let mut memory = Memory {
            url: "a list".to_owned(),
            ..Memory::default()
        };
        let scrolled = Spot {
            top: Some(300.0),
            table: None,
        };
        memory.here = scrolled;
        memory.go("one of it".to_owned(), false);
        assert_eq!((memory.here, memory.wanted), (Spot::default(), Spot::default()));
        memory.go("a list".to_owned(), true);
        assert_eq!((memory.here, memory.wanted), (scrolled, scrolled));
        memory.go("one of it".to_owned(), true);
        memory.go("a list".to_owned(), false);
        assert_eq!(memory.wanted, Spot::default());
    }

    #[test]
    fn no_more_than_some_pages_are_remembered() {
        let mut memory = Memory::default();
        for page in 0..2 * MOST_PAGES {
            memory.go(format!("page {page}"), false);
        }
        assert_eq!(memory.past.len(), MOST_PAGES);
    }
}
