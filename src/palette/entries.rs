//! The lines of the palette: what was looked at last, what can be done here, where one can go, and what was found.

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use crate::lowercase::lowercase;
use crate::model::{Found, FoundKind, Visit};
use crate::resources::Answer;
use crate::routes::Route;
use crate::ui::icon::Icon;
use crate::ui::page_action::{EVERYWHERE, PageAction};

/// One line of the palette.
#[derive(Clone)]
pub struct Entry {
    /// The words above the first line of its group.
    pub group: &'static str,
    /// What stands before its name.
    pub mark: Mark,
    /// Its name.
    pub name: String,
    /// What it is or belongs to.
    pub detail: String,
    /// What Enter does.
    pub target: Target,
}

/// What stands before a name.
#[derive(Clone, Copy)]
pub enum Mark {
    /// An icon.
    Icon(Icon),
    /// A state.
    State(StateType),
}

/// What Enter does.
#[derive(Clone)]
pub enum Target {
    /// Goes there.
    Go(String),
    /// Does it.
    Do(Callback<()>),
}

/// The pages one can always go to: word, icon, route, and the key after `g`.
pub fn places() -> [(&'static str, Icon, Route, char); 6] {
    [
        ("Home", Icon::Home, Route::Home, 'h'),
        ("Runs", Icon::Runs, Route::Runs(None), 'r'),
        (
            "Failed runs",
            Icon::Cross,
            Route::Runs(Some("state:failed".to_owned())),
            'x',
        ),
        ("Flows", Icon::Flows, Route::Flows, 'f'),
        ("Agents", Icon::Agents, Route::Agents, 'a'),
        ("Settings", Icon::Gear, Route::Settings, 's'),
    ]
}

/// All lines for a text: the best of each group first. What was found for it fits by itself: the server has looked.
/// Of what was found for the text before only what fits by its words stays.
pub fn entries(text: &str, visits: Vec<Visit>, actions: Vec<PageAction>, answer: Answer) -> Vec<Entry> {
    let recent = visits.into_iter().map(|visit| Entry {
        group: "Recent",
        mark: Mark::Icon(icon_of(&visit.href)),
        name: visit.name,
        detail: visit.detail,
        target: Target::Go(visit.href),
    });
    let actions = actions.into_iter().map(|action| Entry {
        group: action.group,
        mark: Mark::Icon(action.icon),
        name: action.label.get(),
        detail: String::new(),
        target: Target::Do(action.run),
    });
    let (everywhere, here): (Vec<_>, Vec<_>) = actions.partition(|entry| entry.group == EVERYWHERE);
    let places = places().into_iter().map(|(word, icon, route, key)| Entry {
        group: "Go to",
        mark: Mark::Icon(icon),
        name: word.to_owned(),
        detail: format!("g {key}"),
        target: Target::Go(route.to_string()),
    });
    let mut all: Vec<Entry> = Vec::new();
    for group in [recent.collect(), here, places.collect(), everywhere] {
        all.extend(fitting(text, group));
    }
    let is_of_now = answer.text == text;
    for found in answer.found.into_iter().map(found_entry) {
        if !is_of_now && rank(text, &found.name, &found.detail).is_none() {
            continue;
        }
        let is_there = |entry: &Entry| matches!((&entry.target, &found.target), (Target::Go(a), Target::Go(b)) if a == b);
        if !all.iter().any(is_there) {
            all.push(found);
        }
    }
    all
}

/// Where what is chosen stands after the list has changed: Enter must never do what has come in its place. `None` when
/// it is gone; but where one could go first, one can go to what is first now.
pub fn kept(before: &[Entry], chosen: Option<usize>, now: &[Entry]) -> Option<usize> {
    let place = chosen?;
    let Some(entry) = before.get(place) else {
        return chosen;
    };
    let is_it = |other: &Entry| match (&entry.target, &other.target) {
        (Target::Go(href), Target::Go(other)) => href == other,
        (Target::Do(_), Target::Do(_)) => (entry.group, &entry.name) == (other.group, &other.name),
        _ => false,
    };
    let is_first = place == 0 && matches!(entry.target, Target::Go(_));
    now.iter().position(is_it).or(is_first.then_some(0))
}

/// Those that have each word of the text in name or detail, the best first; all when there is no text.
fn fitting(text: &str, group: Vec<Entry>) -> Vec<Entry> {
    let ranked = group.into_iter().filter_map(|entry| {
        let rank = rank(text, &entry.name, &entry.detail)?;
        Some((rank, entry))
    });
    let mut ranked: Vec<(u8, Entry)> = ranked.collect();
    crate::sort::by(&mut ranked, |a, b| a.0.cmp(&b.0));
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

/// How well a name fits: 0 when it begins with the text, then when a word of it does, then when it has it somewhere.
/// `None` when a word of the text is nowhere.
fn rank(text: &str, name: &str, detail: &str) -> Option<u8> {
    let (text, name) = (lowercase(text), lowercase(name));
    let text = text.trim();
    let detail = lowercase(detail);
    let is_there = |word: &str| name.contains(word) || detail.contains(word);
    if !text.split_whitespace().all(is_there) {
        return None;
    }
    if name.starts_with(text) {
        return Some(0);
    }
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    Some(if words.any(|word| word.starts_with(text)) {
        1
    } else {
        2
    })
}

fn icon_of(href: &str) -> Icon {
    match Route::parse(href) {
        Some(Route::FlowRun(..) | Route::TaskRun(_)) => Icon::Runs,
        _ => Icon::Flows,
    }
}

fn found_entry(found: Found) -> Entry {
    let (mark, word, route) = match found.kind {
        FoundKind::Project(id) => (Mark::Icon(Icon::Flows), "project", Route::project(id)),
        FoundKind::Flow(id) => (Mark::Icon(Icon::Flows), "flow", Route::flow(id)),
        FoundKind::Task(id) => (Mark::Icon(Icon::Flows), "task", Route::Task(id)),
        FoundKind::FlowRun(id, state) => (Mark::State(state), "run", Route::flow_run(id)),
        FoundKind::TaskRun(id, state) => (Mark::State(state), "task run", Route::TaskRun(id)),
        FoundKind::Agent => (Mark::Icon(Icon::Agents), "agent", Route::Agents),
    };
    let detail = match found.detail.as_str() {
        "" => word.to_owned(),
        of => format!("{word} · {of}"),
    };
    Entry {
        group: "Found",
        mark,
        name: found.name,
        detail,
        target: Target::Go(route.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, visits: &[Visit], found: &[Found]) -> Vec<String> {
        let answer = Answer {
            text: text.to_owned(),
            found: found.to_vec(),
        };
        names_with(text, visits, answer)
    }

    fn names_with(text: &str, visits: &[Visit], answer: Answer) -> Vec<String> {
        let entries = entries(text, visits.to_vec(), Vec::new(), answer);
        entries.into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn pages_are_found_by_a_part_of_their_words() {
        assert_eq!(names("run", &[], &[]), ["Runs", "Failed runs"]);
        assert_eq!(names("runs failed", &[], &[]), ["Failed runs"]);
        assert_eq!(names("", &[], &[]).len(), places().len());
        assert!(names("no such page", &[], &[]).is_empty());
    }

    #[test]
    fn what_begins_with_the_text_comes_before_what_has_it_somewhere() {
        assert_eq!(rank("ca", "Cancel the run", ""), Some(0));
        assert_eq!(rank("run", "Cancel the run", ""), Some(1));
        assert_eq!(rank("anc", "Cancel the run", ""), Some(2));
        assert_eq!(rank("the cancel", "Cancel the run", ""), Some(2));
        assert_eq!(rank("etl run", "Cancel the run", "etl"), Some(2));
        assert_eq!(rank("delete", "Cancel the run", ""), None);
        assert_eq!(rank(" ", "Cancel the run", ""), Some(0));
    }

    #[test]
    fn what_was_looked_at_is_listed_once() {
        let id = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";
        let visit = Visit {
            href: Route::flow(id.parse().unwrap()).to_string(),
            name: "etl".to_owned(),
            detail: "prod".to_owned(),
        };
        let found = Found {
            kind: FoundKind::Flow(id.parse().unwrap()),
            name: "etl".to_owned(),
            detail: "prod".to_owned(),
        };
        let other = Found {
            kind: FoundKind::Agent,
            name: "etl-box".to_owned(),
            detail: String::new(),
        };
        assert_eq!(
            names("etl", std::slice::from_ref(&visit), &[found.clone(), other]),
            ["etl", "etl-box"]
        );
        assert_eq!(names("", &[visit], &[])[0], "etl");
        assert_eq!(names("tl", &[], &[found]), ["etl"]);
    }

    #[test]
    fn what_was_found_for_the_text_before_stays_only_where_it_fits() {
        let task = |name: &str, id: &str| Found {
            kind: FoundKind::Task(id.parse().unwrap()),
            name: name.to_owned(),
            detail: "etl".to_owned(),
        };
        let id = "e7cfa7ea-5e1b-4eac-8c9c-ef4b4f7fbd7b";
        let answer = Answer {
            text: "ex".to_owned(),
            found: vec![
                task("exact", id),
                task("export", "0c2b6b8a-9a4e-4a43-9a9e-5f3d0a5f3f10"),
            ],
        };
        assert_eq!(names_with("ex", &[], answer.clone()), ["exact", "export"]);
        assert_eq!(names_with("exp", &[], answer), ["export"]);
        let by_id = Answer {
            text: id.to_owned(),
            found: vec![task("exact", id)],
        };
        assert_eq!(names_with(id, &[], by_id), ["exact"]);
    }

    #[test]
    fn what_is_chosen_is_found_again_by_what_it_is() {
        let go = |href: &str, name: &str| Entry {
            group: "Recent",
            mark: Mark::Icon(Icon::Runs),
            name: name.to_owned(),
            detail: String::new(),
            target: Target::Go(href.to_owned()),
        };
        let act = |name: &str| Entry {
            group: "On this page",
            target: Target::Do(Callback::new(|()| ())),
            ..go("", name)
        };
        let before = [
            act("Cancel"),
            go("/of-run", "lucky-otter"),
            act("Quick Run"),
            go("/of-flow", "etl"),
        ];
        // The run has ended, and has got another name.
        let now = [
            act("Restart"),
            act("Quick Run"),
            go("/of-run", "otter"),
            go("/", "Cancel"),
        ];
        let places = [0, 1, 2, 3].map(|place| kept(&before, Some(place), &now));
        assert_eq!(places, [None, Some(2), Some(1), None]);
        assert_eq!(kept(&before, None, &now), None);
        // Nobody has seen another one yet.
        assert_eq!(kept(&[], Some(0), &now), Some(0));
        assert_eq!(
            kept(&before[3..], Some(0), &now),
            Some(0),
            "the first is a place to go to"
        );
    }

    #[test]
    fn each_page_has_its_own_key() {
        let mut letters: Vec<char> = places().into_iter().map(|(.., letter)| letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), places().len());
    }
}
