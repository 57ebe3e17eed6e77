//! What words of a filter mean, and how they are put together and taken apart.

use serde_json::{Value, json};

use super::kind::FILTER_HELP;
use super::*;
use crate::model::flow_run::tests::at;
use crate::model::{Completion, KnownValues, wire_text};

fn filter(text: &str) -> Value {
    let found = RunFilter::parse(text).where_json(at("2026-11-24T12:00:00Z"), |_| 60);
    let tests = found["_and"].as_array().unwrap();
    assert_eq!(tests.len(), 1, "{text}: {found}");
    tests[0].clone()
}

fn error(text: &str) -> String {
    let filter = RunFilter::parse(text);
    filter
        .first_error()
        .and_then(FilterText::error)
        .unwrap_or_else(|| panic!("{text} is understood"))
        .to_owned()
}

fn in_utc(time: Timestamp) -> String {
    format!("{} UTC", wire_text(time)[..19].replace('T', " "))
}

#[test]
fn words_become_what_the_api_asks_for() {
    for (text, expected) in [
        ("state:cancelled", json!({ "state": { "_in": ["Cancelled"] } })),
        (
            "state:timed-out,TriggerFailed",
            json!({ "state": { "_in": ["TimedOut", "TriggerFailed"] } }),
        ),
        ("flow:etl", json!({ "flow": { "name": { "_in": ["etl"] } } })),
        (
            "project:a,\"b c\"",
            json!({ "flow": { "project": { "name": { "_in": ["a", "b c"] } } } }),
        ),
        ("name:~night", json!({ "name": { "_ilike": "%night%" } })),
        ("100%_sure", json!({ "name": { "_ilike": "%100\\%\\_sure%" } })),
        (
            "label:gpu,prod",
            json!({ "_or": [{ "labels": { "_contains": ["gpu"] } }, { "labels": { "_contains": ["prod"] } }] }),
        ),
        (
            "-label:dev",
            json!({ "_not": { "labels": { "_contains": ["dev"] } } }),
        ),
        (
            "-started:>-24h",
            json!({ "_or": [
                { "_not": { "start_time": { "_gt": "2026-11-23T12:00:00.000000+00:00" } } },
                { "start_time": { "_is_null": true } },
            ] }),
        ),
        ("agent:vm-2", json!({ "agent": { "name": { "_in": ["vm-2"] } } })),
        ("version:>2", json!({ "flow": { "version": { "_gt": 2 } } })),
        (
            "started:>-24h",
            json!({ "start_time": { "_gt": "2026-11-23T12:00:00.000000+00:00" } }),
        ),
        (
            "scheduled:<+1h",
            json!({ "scheduled_start_time": { "_lt": "2026-11-24T13:00:00.000000+00:00" } }),
        ),
        (
            "ended:<2026-11-24T10:00",
            json!({ "end_time": { "_lt": "2026-11-24T09:00:00.000000+00:00" } }),
        ),
        (
            "ended:<2026-11-24T10:00Z",
            json!({ "end_time": { "_lt": "2026-11-24T10:00:00.000000+00:00" } }),
        ),
        (
            "ended:2026-11-24",
            json!({ "_and": [
            { "end_time": { "_gte": "2026-11-23T23:00:00.000000+00:00" } },
            { "end_time": { "_lt": "2026-11-24T23:00:00.000000+00:00" } },
        ] }),
        ),
        (
            "duration:>10m",
            json!({ "_or": [{ "duration_seconds": { "_gt": 600 } }, { "_and": [
            { "state": { "_in": ["Running", "Cancelling"] } },
            { "start_time": { "_lt": "2026-11-24T11:50:00.000000+00:00" } },
        ] }] }),
        ),
        (
            "-duration:>10m",
            json!({ "_or": [{ "duration_seconds": { "_lte": 600 } }, { "_and": [
                { "duration_seconds": { "_is_null": true } },
                { "_or": [
                    { "state": { "_nin": ["Running", "Cancelling"] } },
                    { "start_time": { "_is_null": true } },
                    { "start_time": { "_gte": "2026-11-24T11:50:00.000000+00:00" } },
                ] },
            ] }] }),
        ),
        (
            "duration:1m..10m",
            json!({ "_or": [
                { "_and": [{ "duration_seconds": { "_gte": 60 } }, { "duration_seconds": { "_lte": 600 } }] },
                { "_and": [
                    { "state": { "_in": ["Running", "Cancelling"] } },
                    { "start_time": { "_lte": "2026-11-24T11:59:00.000000+00:00" } },
                    { "start_time": { "_gte": "2026-11-24T11:50:00.000000+00:00" } },
                ] },
            ] }),
        ),
        (
            "started:-2d..-24h",
            json!({ "_and": [
                { "start_time": { "_gte": "2026-11-22T12:00:00.000000+00:00" } },
                { "start_time": { "_lt": "2026-11-23T12:00:00.000000+00:00" } },
            ] }),
        ),
        (
            "started:2026-11-20..2026-11-21",
            json!({ "_and": [
                { "start_time": { "_gte": "2026-11-19T23:00:00.000000+00:00" } },
                { "start_time": { "_lt": "2026-11-21T23:00:00.000000+00:00" } },
            ] }),
        ),
        (
            "ended:..2026-11-20T10:00Z",
            json!({ "end_time": { "_lt": "2026-11-20T10:00:00.000000+00:00" } }),
        ),
        ("version:2,3", json!({ "flow": { "version": { "_in": [2, 3] } } })),
        (
            "version:2..3",
            json!({ "_and": [{ "flow": { "version": { "_gte": 2 } } }, { "flow": { "version": { "_lte": 3 } } }] }),
        ),
        ("is:manual", json!({ "auto_scheduled": { "_eq": false } })),
        (
            "parameter.n:5",
            json!({ "parameters": { "_contains": { "n": 5 } } }),
        ),
        (
            "parameter.n:\"5\"",
            json!({ "parameters": { "_contains": { "n": "5" } } }),
        ),
        (
            "-parameter.\"my key\":\"true\"",
            json!({ "_not": { "parameters": { "_contains": { "my key": "true" } } } }),
        ),
        (
            "parameter.\"a:\\\"b\\\"\":say:so",
            json!({ "parameters": { "_contains": { "a:\"b\"": "say:so" } } }),
        ),
        (
            "parameter.names:[\"brave lynx\",1]",
            json!({ "parameters": { "_contains": { "names": ["brave lynx", 1] } } }),
        ),
        (
            "parameter.map:{\"a\":{\"b\":null}}",
            json!({ "parameters": { "_contains": { "map": { "a": { "b": null } } } } }),
        ),
        (
            "parameter.text:\"[1]\"",
            json!({ "parameters": { "_contains": { "text": "[1]" } } }),
        ),
        (
            "parameter.text:\"\"",
            json!({ "parameters": { "_contains": { "text": "" } } }),
        ),
        (
            "flow:\"say \\\"hi\\\"\",\"C:\\\\new\"",
            json!({ "flow": { "name": { "_in": ["say \"hi\"", "C:\\new"] } } }),
        ),
        (
            "parameter.day:monday",
            json!({ "parameters": { "_contains": { "day": "monday" } } }),
        ),
    ] {
        assert_eq!(filter(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_said_with_the_remedy_and_lets_nothing_through() {
    for (text, part) in [
        ("stat:failed", "the keys are state"),
        ("state:broken", "broken is no state"),
        ("state:", "such as state:failed"),
        ("duration:10m", "duration:>10m"),
        ("duration:>long", "duration:>10m"),
        ("started:>yesterday", "started:>-24h"),
        ("started:-24h", "started:>-24h"),
        ("started:>2026-13-01", "months go from 01 to 12"),
        (
            "started:2026-02-30",
            "There is no 2026-02-30: that month has 28 days.",
        ),
        ("started:2024-02-30", "that month has 29 days"),
        ("started:2026-11-00", "begin with 01"),
        (
            "started:2026-11-01..2026-11-31",
            "There is no 2026-11-31: that month has 30 days.",
        ),
        (
            "ended:<2026-11-24T24:00",
            "There is no 24:00: hours go from 00 to 23",
        ),
        ("ended:>2026-11-24T99:00:00Z", "There is no 99:00:00"),
        ("ended:>2026-11-24T10:60", "There is no 10:60"),
        ("started:>2026x11x24", "started:>-24h"),
        ("started:>-24", "-24 has no unit; write -24h for hours"),
        ("scheduled:<+1", "+1 has no unit; write +1h for hours"),
        ("started:-48..-24h", "-48 has no unit; write -48h"),
        ("started:-24", "-24 has no unit"),
        ("started:>-4294967295w", "more than a hundred years"),
        ("duration:>999999999d", "more than a hundred years; write less"),
        ("-duration:1m..36601d", "more than a hundred years; write less"),
        ("started:>24h", "started:>-24h"),
        ("version:two", "version:2"),
        ("is:on-fire", "is:late"),
        ("has:luck", "has:failed-tasks"),
        ("flow:\"etl", "closing quote"),
        ("label:,", "such as label:gpu"),
        ("state:,", "such as state:failed"),
        ("flow:~", "such as flow:etl"),
        ("flow:\"\"", "such as flow:etl"),
        ("duration:10m..1m", "duration:1m..10m"),
        ("duration:..", "duration:1m..10m"),
        ("duration:>+5", "duration:>10m"),
        ("started:yesterday..now", "2026-11-24..2026-11-26"),
        ("parameter.:5", "the keys are state"),
        ("parameter.\"\":5", "the keys are state"),
        ("parameter.x:{", "in quotes if it is a text: parameter.x:\"{\""),
        ("parameter.x:[a]", "parameter.x:[1,\"two words\"]"),
        ("parameter.x:", "such as parameter.x:5"),
        ("name:\"C:\\new\\\"", "because of the backslash"),
    ] {
        let error = error(text);
        assert!(error.contains(part), "{text}: {error}");
        assert_eq!(filter(text), json!({ "id": { "_in": [] } }), "{text}");
    }
    let wrong = RunFilter::parse("state:failed  stat:x");
    assert_eq!(wrong.first_error().map(|word| word.start), Some(14));
}

#[test]
fn a_chip_adds_its_states_and_takes_them_away() {
    let filter = RunFilter::parse("flow:etl state:failed night");
    assert_eq!(filter.groups(), [StateGroup::Failed]);
    let both = filter.toggled(StateGroup::Cancelled);
    assert_eq!(both, "state:failed,cancelled flow:etl night");
    assert_eq!(
        RunFilter::parse(&both).toggled(StateGroup::Failed),
        "state:cancelled flow:etl night"
    );
    assert_eq!(filter.toggled(StateGroup::Failed), "flow:etl night");
    assert_eq!(filter.without_states().text(), "flow:etl night");
    assert_eq!(filter.without(0), "state:failed night");
}

#[test]
fn a_chip_leaves_single_states_and_those_that_are_not_wanted() {
    let pressed = |text: &str, group: StateGroup| RunFilter::parse(text).toggled(group);
    for (before, group, with, without) in [
        (
            "flow:etl state:TimedOut",
            StateGroup::Cancelled,
            "state:TimedOut,cancelled flow:etl",
            "state:TimedOut flow:etl",
        ),
        (
            "state:TimedOut",
            StateGroup::Failed,
            "state:TimedOut,failed",
            "state:TimedOut",
        ),
        (
            "-state:success",
            StateGroup::Failed,
            "state:failed -state:success",
            "-state:success",
        ),
        (
            "-state:TimedOut",
            StateGroup::Failed,
            "state:failed -state:TimedOut",
            "-state:TimedOut",
        ),
        // Wanted and not wanted at once would be nothing.
        ("-state:success", StateGroup::Success, "state:success", ""),
        (
            "-state:success,running night",
            StateGroup::Success,
            "state:success -state:running night",
            "-state:running night",
        ),
    ] {
        let pressed_once = pressed(before, group);
        assert_eq!(pressed_once, with, "{before}");
        assert!(RunFilter::parse(&pressed_once).groups().contains(&group));
        assert_eq!(pressed(&pressed_once, group), without, "{before}");
    }
    // Of several words all must hold.
    assert_eq!(
        pressed("state:failed,running state:TimedOut", StateGroup::Success),
        "state:failed,running,success state:TimedOut,success"
    );
}

#[test]
fn a_chosen_time_takes_the_place_of_the_one_before() {
    let filter = RunFilter::parse("scheduled:>-24h flow:etl");
    let text = filter.within(at("2026-11-23T10:00:00Z"), at("2026-11-23T12:00:00Z"));
    assert_eq!(
        text,
        "flow:etl scheduled:2026-11-23T10:00:00Z..2026-11-23T12:00:00Z"
    );
    let filter = RunFilter::parse(&text);
    assert_eq!(filter.first_error(), None);
    assert!(filter.is_about_what_comes());
    assert_eq!(
        filter
            .within(at("2026-11-24T10:00:00Z"), at("2026-11-24T12:00:00Z"))
            .matches("scheduled")
            .count(),
        1
    );
}

#[test]
fn every_key_has_an_example_that_is_understood() {
    let examples = FilterKind::ALL.map(|kind| format!("{}:{}", kind.key(), kind.example()));
    let helped = FILTER_HELP.map(|(text, _)| text.to_owned());
    for text in examples.into_iter().chain(helped) {
        assert_eq!(RunFilter::parse(&text).first_error(), None, "{text}");
    }
    for kind in FilterKind::ALL {
        assert_eq!(FilterKind::of(kind.key()), Some(kind));
    }
}

#[test]
fn what_is_yet_to_start_is_shown_when_one_asks_for_it() {
    for (text, expected) in [
        ("", false),
        ("flow:etl", false),
        ("started:>-1h", false),
        ("state:pending", true),
        ("scheduled:>now", true),
        ("is:late", true),
    ] {
        assert_eq!(RunFilter::parse(text).is_about_what_comes(), expected, "{text}");
    }
}

#[test]
fn two_labels_in_two_words_mean_both_and_with_a_comma_either() {
    let both = RunFilter::parse("label:a label:b").where_json(at("2026-11-24T12:00:00Z"), |_| 0);
    let one = |label: &str| json!({ "labels": { "_contains": [label] } });
    assert_eq!(both, json!({ "_and": [one("a"), one("b")] }));
    assert_eq!(filter("label:a,b"), json!({ "_or": [one("a"), one("b")] }));
}

#[test]
fn a_day_is_as_long_as_the_persons_clock_has_it() {
    // Berlin: an hour more on the 25th of October 2026, from which on it is one hour ahead instead of two.
    let offset = |time: Timestamp| {
        if time < at("2026-10-25T01:00:00Z") {
            120
        } else {
            60
        }
    };
    let found = RunFilter::parse("started:2026-10-25").where_json(at("2026-11-24T12:00:00Z"), offset);
    assert_eq!(
        found["_and"][0],
        json!({ "_and": [
            { "start_time": { "_gte": "2026-10-24T22:00:00.000000+00:00" } },
            { "start_time": { "_lt": "2026-10-25T23:00:00.000000+00:00" } },
        ] })
    );
}

#[test]
fn where_the_server_keeps_no_durations_the_word_says_so() {
    let plain = Extensions::default();
    let ours = Extensions {
        run_durations: true,
        ..plain
    };
    for text in ["duration:>10m", "-duration:<1s", "duration:1m..2m"] {
        let filter = RunFilter::parse(&format!("flow:etl {text}"));
        assert!(filter.depends_on_server());
        assert_eq!(filter.clone().on(ours).first_error(), None);
        let there = filter.on(plain);
        let error = there.first_error().expect("an error under the word");
        assert_eq!(error.text, text);
        assert!(
            error
                .error()
                .is_some_and(|words| words.contains("Take the word out"))
        );
        let asked = there.where_json(at("2026-11-24T12:00:00Z"), |_| 0).to_string();
        assert!(!asked.contains("duration"), "{asked}");
    }
    assert_eq!(RunFilter::parse("flow:etl").on(plain).first_error(), None);
}

fn word(text: &str) -> FilterWord {
    RunFilter::parse(text).word_at(0).expect("a word")
}

#[test]
fn a_word_taken_apart_is_the_same_word_again() {
    for text in [
        "state:failed,TimedOut",
        "-flow:etl,\"load all\"",
        "name:~night",
        "version:>2",
        "started:2026-11-24T10:00..2026-11-25",
        "duration:>10m",
        "-is:late",
        "has:failed-tasks",
        "parameter.n:5",
        "parameter.n:\"5\"",
        "parameter.n:\"\"",
        "-parameter.\"my key\":[\"a b\",1]",
        "parameter.\"a:\\\"b\\\"\":{\"c\":1}",
        "parameter.C\\D:\"C:\\\\new\"",
        "flow:\"say \\\"hi\\\"\"",
    ] {
        assert_eq!(word(text).text(), text);
    }
    assert_eq!(word("-otter").text(), "-name:~otter");
    assert_eq!(RunFilter::parse("stat:x").word_at(0), None);
    assert_eq!(FilterWord::new(FilterKind::Flow).text(), "");
    assert_eq!(FilterWord::new(FilterKind::Parameter).with_value("5").text(), "");
}

#[test]
fn whatever_is_written_is_read_to_its_end_and_means_the_same_when_it_is_written_anew() {
    let letters = ["{", "[", "\"", "\\", ":", ",", "-", ">", "~", "..", " ", "5", "é"];
    let longer = |texts: &[String]| -> Vec<String> {
        let all = texts
            .iter()
            .flat_map(|text| letters.iter().map(move |letter| format!("{text}{letter}")));
        all.collect()
    };
    let keys = FilterKind::ALL.map(|kind| format!("{}:", kind.key()));
    let mut starts = vec![String::new(), "parameter.".to_owned()];
    starts.extend(keys);
    let one = longer(&starts);
    let two = longer(&one);
    let three = longer(&two);
    for text in starts.into_iter().chain(one).chain(two).chain(three) {
        let filter = RunFilter::parse(&text);
        for (place, found) in filter.words().iter().enumerate() {
            let Some(word) = filter.word_at(place).filter(|_| found.error().is_none()) else {
                continue;
            };
            assert!(!word.chip(&in_utc).0.is_empty(), "{text}");
            let anew = RunFilter::parse(&word.text());
            let meaning = anew.words().first().map(|word| &word.meaning);
            assert_eq!(meaning, Some(&found.meaning), "{text}: {}", word.text());
        }
        let proposed = Completion::of(&text, text.len(), &KnownValues::default());
        assert!(proposed.word.end == text.len(), "{text}");
    }
}

#[test]
fn a_control_adds_a_value_and_takes_it_away() {
    let flow = FilterWord::new(FilterKind::Flow)
        .toggled("etl")
        .toggled("load, all");
    assert_eq!(flow.text(), "flow:etl,\"load, all\"");
    assert!(flow.lists("load, all"));
    assert_eq!(flow.toggled("etl").text(), "flow:\"load, all\"");
    assert_eq!(flow.toggled("etl").toggled("load, all").text(), "");
    let state = word("state:timed-out").toggled("Failed");
    assert_eq!(state.text(), "state:timed-out,failed");
    assert!(state.lists("TimedOut"));
    assert_eq!(state.toggled("TimedOut").text(), "state:failed");
    assert_eq!(word("flow:~e").toggled("etl").text(), "flow:etl");
    for range in ["version:>2", "version:2..4", "version:..4"] {
        assert_eq!(word(range).toggled("5").text(), "version:5", "{range}");
    }
    assert_eq!(word("version:2,3").toggled("5").text(), "version:2,3,5");
    for value in [
        "~tilde",
        ">more",
        "-minus",
        "a:b",
        "tab\tbed",
        "say \"hi\"",
        "C:\\a b\\",
    ] {
        let text = FilterWord::new(FilterKind::Label).toggled(value).text();
        assert_eq!(word(&text).values(), [value], "{text}");
        assert_eq!(RunFilter::parse(&text).first_error(), None, "{text}");
    }
}

#[test]
fn a_control_puts_its_word_into_the_text() {
    let filter = RunFilter::parse("state:failed  flow:etl");
    assert_eq!(filter.with_word(1, "flow:load"), "state:failed flow:load");
    assert_eq!(filter.with_word(2, "is:late"), "state:failed flow:etl is:late");
    assert_eq!(filter.with_word(0, ""), "flow:etl");
    assert_eq!(filter.with_word(9, ""), "state:failed flow:etl");
}

#[test]
fn a_chip_says_what_its_word_means() {
    for (text, expected) in [
        ("state:failed,timed-out", "State: Failed, Timed out"),
        ("-state:success", "State: not Success"),
        ("-flow:a,b", "Flow: not a or b"),
        ("flow:~lo", "Flow: contains lo"),
        ("otter", "Name: contains otter"),
        ("version:>2", "Version: newer than 2"),
        ("started:>-24h", "Started: in the last 24 h"),
        ("-started:>-1d", "Started: not in the last 1 day"),
        ("started:<-2w", "Started: more than 2 weeks ago"),
        ("scheduled:<+1h", "Scheduled: within 1 h"),
        ("scheduled:now..+24h", "Scheduled: in the next 24 h"),
        ("ended:2026-11-24", "Ended: 2026-11-24"),
        ("ended:<2026-11-24T10:00Z", "Ended: before 2026-11-24 10:00 UTC"),
        (
            "scheduled:2026-11-23T10:00:00Z..2026-11-23T12:00:00Z",
            "Scheduled: 2026-11-23 10:00:00 – 12:00:00 UTC",
        ),
        ("started:-2d..-1d", "Started: 2 days ago – 1 day ago"),
        ("duration:>10m", "Duration: over 10 min"),
        ("duration:1m..90", "Duration: 1 min – 90 s"),
        ("is:late", "Late: "),
        ("-is:manual", "Not: started by hand"),
        ("-has:failed-tasks", "No failed task runs: "),
        ("parameter.n:5", "Parameter n: = 5"),
        ("parameter.n:\"5\"", "Parameter n: = \"5\""),
        ("-parameter.\"my key\":\"a b\"", "Parameter my key: ≠ a b"),
    ] {
        let (about, what) = word(text).chip(&in_utc);
        assert_eq!(format!("{about}: {what}"), expected, "{text}");
    }
}

#[test]
fn the_fields_of_a_control_show_what_is_written() {
    let range = |text: &str| word(text).clock_range();
    let texts = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(
        range("started:2026-11-24T10:00..2026-11-25"),
        texts("2026-11-24T10:00", "2026-11-25T23:59")
    );
    assert_eq!(
        range("started:2026-11-24"),
        texts("2026-11-24T00:00", "2026-11-24T23:59")
    );
    assert_eq!(range("started:>2026-11-24T10:00"), texts("2026-11-24T10:00", ""));
    assert_eq!(range("started:>-24h"), texts("", ""));
    assert_eq!(
        range("started:>2026-11-24T10:00Z"),
        texts("", ""),
        "the fields show the person's own clock"
    );
    assert_eq!(
        word("duration:>10m").duration(),
        Some(('>', "10".to_owned(), 'm'))
    );
    assert_eq!(word("duration:<90").duration(), Some(('<', "90".to_owned(), 's')));
    assert_eq!(word("duration:1m..2m").duration(), None);
}
