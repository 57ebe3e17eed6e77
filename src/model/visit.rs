//! What a person looked at last: flows, runs, tasks and projects, newest first.

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its URL.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it belongs to; may be empty.
    pub detail: String,
}

/// So many are kept.
const MOST: usize = 8;

/// The list with another visit at its head, unless it has no name: what it is of is not known yet, or there is no such
/// thing.
#[must_use]
pub fn with_visit(mut visits: Vec<Visit>, visit: Visit) -> Vec<Visit> {
    if visit.name.is_empty() {
        return visits;
    }
    visits.retain(|other| other.href != visit.href);
    visits.insert(0, visit);
    visits.truncate(MOST);
    visits
}

/// The list as the browser keeps it: a line each, the parts between tabs.
#[must_use]
pub fn visits_to_text(visits: &[Visit]) -> String {
    let mut text = String::new();
    for visit in visits {
        for (part, end) in [(&visit.href, '\t'), (&visit.name, '\t'), (&visit.detail, '\n')] {
            text.extend(part.chars().map(|c| if c.is_control() { ' ' } else { c }));
            text.push(end);
        }
    }
    text
}

/// Reads what [`visits_to_text`] wrote; lines that it did not write are left out, and those
/// without a name.
#[must_use]
pub fn visits_from_text(text: &str) -> Vec<Visit> {
    let visit = |line: &str| {
        let (href, rest) = line.split_once('\t')?;
        let (name, detail) = rest.split_once('\t').filter(|(name, _)| !name.is_empty())?;
        Some(Visit {
            href: href.to_owned(),
            name: name.to_owned(),
            detail: detail.to_owned(),
        })
    };
    text.lines().filter_map(visit).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(name: &str) -> Visit {
        Visit {
            href: format!("/somewhere/{name}"),
            name: name.to_owned(),
            detail: "etl".to_owned(),
        }
    }

    #[test]
    fn the_newest_is_first_and_nothing_is_there_twice() {
        let mut visits = Vec::new();
        for name in ["a", "b", "c", "a"] {
            visits = with_visit(visits, visit(name));
        }
        assert_eq!(visits, [visit("a"), visit("c"), visit("b")]);
        for name in 0..20 {
            visits = with_visit(visits, visit(&name.to_string()));
        }
        assert_eq!(visits.len(), MOST);
        assert_eq!(visits[0], visit("19"));
    }

    #[test]
    fn what_has_no_name_is_left_out() {
        let nameless = Visit {
            name: String::new(),
            ..visit("a")
        };
        assert_eq!(with_visit(vec![visit("a")], nameless.clone()), [visit("a")]);
        assert_eq!(visits_from_text(&visits_to_text(&[nameless])), []);
    }

    #[test]
    fn visits_read_back_as_they_were_written() {
        let hostile = Visit {
            name: "a\tb\nc".to_owned(),
            ..visit("x")
        };
        let read = visits_from_text(&visits_to_text(&[visit("größe"), hostile]));
        assert_eq!(read[0], visit("größe"));
        assert_eq!(read[1].name, "a b c");
        assert_eq!(visits_from_text("nonsense\n\n"), []);
    }
}
