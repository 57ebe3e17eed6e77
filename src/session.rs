//! What is global: the tick of the clock and the toasts. Handles only; `resources/` makes them move.

use flowdeck_vocabulary::shell;
use leptos::prelude::*;

use crate::model::Timestamp;
pub use crate::wall_clock::local_offset;

/// The time now, once for the whole page: every elapsed time counts with it.
#[derive(Clone, Copy)]
pub struct Now(pub ReadSignal<Timestamp>);

/// The time now, as a signal that moves once a second.
pub fn use_now() -> ReadSignal<Timestamp> {
    expect_context::<Now>().0
}

/// Whether it is known that the server does not answer: what is shown is the picture as of its last answer.
#[derive(Clone, Copy)]
pub struct Offline(pub Signal<bool>);

/// Whether it is known that the server does not answer.
pub fn use_offline() -> Signal<bool> {
    expect_context::<Offline>().0
}

/// The address that programs have to be given to find the API; `None` when they find it by themselves, and before it
/// is known.
#[derive(Clone, Copy)]
pub struct AddressForPrograms(pub ReadSignal<Option<String>>);

/// A command with the address of the API, where it needs one.
pub fn use_command(command: String) -> Signal<String> {
    let address = expect_context::<AddressForPrograms>().0;
    Signal::derive(move || {
        let at = |address: &String| shell::at_address(&command, address);
        address.with(|address| address.as_ref().map_or_else(|| command.clone(), at))
    })
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// Tells it from the others.
    pub id: usize,
    /// How it ended.
    pub tone: Tone,
    /// One sentence.
    pub message: String,
    /// Where to go from here: the words and the URL.
    pub link: Option<(String, String)>,
    /// A command that helps.
    pub command: Option<String>,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Done.
    Good,
    /// Done, but something is needed.
    Warning,
    /// Not done.
    Bad,
}

/// The toasts on screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// Oldest first.
    pub list: RwSignal<Vec<Toast>>,
    expire: Callback<usize>,
    next_id: RwSignal<usize>,
}

impl Toasts {
    /// `expire` is called with the id of each toast that shall go by itself.
    pub fn new(list: RwSignal<Vec<Toast>>, expire: Callback<usize>) -> Self {
        Self {
            list,
            expire,
            next_id: RwSignal::new(0),
        }
    }

    /// Shows a toast and answers its id. Good news goes by itself, and first where there are too many; anything else
    /// stays until it is closed.
    pub fn show(
        self,
        tone: Tone,
        message: impl Into<String>,
        link: Option<(String, String)>,
        command: Option<String>,
    ) -> usize {
        let id = self.next_id.get_untracked();
        self.next_id.set(id + 1);
        let toast = Toast {
            id,
            tone,
            message: message.into(),
            link,
            command,
        };
        self.list.update(|list| {
            list.push(toast);
            make_room(list);
        });
        if tone == Tone::Good {
            self.expire.run(id);
        }
        id
    }

    /// Says what was not done beside the form that asked for it, or in a toast when that is gone.
    pub fn refuse(self, beside: RwSignal<Option<String>>, words: String) {
        if let Some(Some(words)) = beside.try_set(Some(words)) {
            self.show(Tone::Bad, words, None, None);
        }
    }

    /// Takes a toast away.
    pub fn close(self, id: usize) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Four fit a phone: the oldest good news makes room, and only then what somebody may not have read yet.
fn make_room(list: &mut Vec<Toast>) {
    const FIT: usize = 4;
    if list.len() > FIT {
        let good = list[..FIT].iter().position(|toast| toast.tone == Tone::Good);
        list.remove(good.unwrap_or(0));
    }
}

/// The toasts on screen.
pub fn use_toasts() -> Toasts {
    expect_context()
}

/// Where one is: the path above the page and the words in the browser's tab.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Place {
    /// From the outermost to the page itself: the words and, but for the last, the URL.
    pub crumbs: Vec<(String, Option<String>)>,
    /// The words in the browser's tab, before the product's name.
    pub title: String,
}

/// Where one is, for the shell to show.
#[derive(Clone, Copy)]
pub struct CurrentPlace(pub RwSignal<Place>);

/// Tells the shell where one is, for as long as the page lives and whenever it changes.
pub fn use_place(place: impl Fn() -> Place + 'static) {
    let current = expect_context::<CurrentPlace>().0;
    Effect::new(move |_| current.set(place()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_stays_when_good_news_follow() {
        let toast = |id, tone| Toast {
            id,
            tone,
            message: String::new(),
            link: None,
            command: None,
        };
        let mut list = vec![toast(0, Tone::Bad)];
        for id in 1..=6 {
            list.push(toast(id, Tone::Good));
            make_room(&mut list);
        }
        let ids = |list: &[Toast]| list.iter().map(|toast| toast.id).collect::<Vec<_>>();
        assert_eq!(ids(&list), [0, 4, 5, 6]);
        for id in 7..=11 {
            list.push(toast(id, Tone::Bad));
            make_room(&mut list);
        }
        assert_eq!(ids(&list), [8, 9, 10, 11]);
    }
}
