//! What a server can do beyond the API of Prefect 1.

/// What the server can do beyond the API of Prefect 1; controls for what it cannot are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extensions {
    /// Counts of flow runs by state and over time: `flow_run_count`.
    pub run_counts: bool,
    /// How long a flow run took, to filter and sort by: `flow_run.duration_seconds`.
    pub run_durations: bool,
    /// The next times of a schedule: `schedule_preview`.
    pub schedule_preview: bool,
    /// A restart in one transaction: `restart_flow_run`.
    pub restart: bool,
    /// Filters kept under a name: `saved_view`.
    pub saved_views: bool,
    /// Clocks that are saved with their start, and with how the days of a cron line are joined.
    pub clock_starts: bool,
}

/// One thing of [`Extensions`], by where it stands in the schema.
pub struct Extension {
    /// The type that has the field: `Query`, `Mutation`, `flow_run` or `interval_clock_input`.
    pub on: &'static str,
    /// The field that is looked for.
    pub field: &'static str,
    /// What it does for a person.
    pub about: &'static str,
    /// Fields of the roots and of inputs that come with it.
    pub with: &'static [&'static str],
    /// What is known by it.
    pub flag: fn(&mut Extensions) -> &mut bool,
}

/// All extensions. The dashboard looks for these, and the browser tests take them away from the server to see that
/// everything else goes on. A field of the schema that is neither here nor in Prefect 1 fails a test.
pub const EXTENSIONS: [Extension; 6] = [
    Extension {
        on: "Query",
        field: "flow_run_count",
        about: "Runs counted by state and over time",
        with: &[],
        flag: |known| &mut known.run_counts,
    },
    Extension {
        on: "flow_run",
        field: "duration_seconds",
        about: "Runs sorted and filtered by duration",
        with: &[],
        flag: |known| &mut known.run_durations,
    },
    Extension {
        on: "Query",
        field: "schedule_preview",
        about: "Next times of a schedule",
        with: &[],
        flag: |known| &mut known.schedule_preview,
    },
    Extension {
        on: "Mutation",
        field: "restart_flow_run",
        about: "Restart in one step",
        with: &[],
        flag: |known| &mut known.restart,
    },
    Extension {
        on: "Query",
        field: "saved_view",
        about: "Views saved for everybody",
        with: &[
            "saved_view_aggregate",
            "saved_view_by_pk",
            "create_saved_view",
            "update_saved_view",
            "delete_saved_view",
        ],
        flag: |known| &mut known.saved_views,
    },
    Extension {
        on: "interval_clock_input",
        field: "start_date",
        about: "Clocks that keep when they begin",
        with: &["day_or"],
        flag: |known| &mut known.clock_starts,
    },
];

impl Extensions {
    /// Whether what is changed later has a greater `updated`, in the order of the commits, so that nothing older than the
    /// last change that was seen can still come. It does in Flowdeck, which is known by having any extension.
    #[must_use]
    pub fn changes_come_in_order(self) -> bool {
        self != Self::default()
    }

    /// Each of [`EXTENSIONS`] in words, and whether it is there.
    pub fn listed(mut self) -> impl Iterator<Item = (&'static str, bool)> {
        EXTENSIONS
            .into_iter()
            .map(move |extension| (extension.about, *(extension.flag)(&mut self)))
    }

    /// What is known of a server that has these fields.
    pub fn found(has: impl Fn(&str, &str) -> bool) -> Self {
        let mut known = Self::default();
        for extension in &EXTENSIONS {
            *(extension.flag)(&mut known) = has(extension.on, extension.field);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SCHEMA: &str = include_str!("../../schema.graphql");
    /// The fields of the API of Prefect 1, `type.field`, one a line: of the roots, of the tables and of clocks.
    const PREFECT_1: &str = include_str!("../../tests/prefect1_fields.txt");

    /// `type.field` for the roots, the tables and the clocks of our schema.
    fn fields() -> BTreeSet<String> {
        let is_table = |name: &str| SCHEMA.contains(&format!("input {name}_bool_exp {{"));
        let mut found = BTreeSet::new();
        let mut of = None;
        for line in SCHEMA.lines() {
            if let Some((kind, name)) = line.strip_suffix(" {").and_then(|begin| begin.split_once(' ')) {
                of = Some(name).filter(|name| match kind {
                    "type" => ["Query", "Mutation"].contains(name) || is_table(name),
                    "input" => name.ends_with("_clock_input"),
                    _ => false,
                });
            } else if line == "}" {
                of = None;
            } else if let Some(name) = of {
                let field: String = line
                    .trim()
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                if !field.is_empty() {
                    found.insert(format!("{name}.{field}"));
                }
            }
        }
        found
    }

    #[test]
    fn what_prefect_1_lacks_is_listed() {
        let prefect: BTreeSet<&str> = PREFECT_1.lines().collect();
        let all = fields();
        assert!(all.len() > 300, "{} fields", all.len());
        let is_listed = |place: &str| {
            EXTENSIONS.iter().any(|one| {
                let (on, field) = place.split_once('.').expect("type.field");
                on == one.field
                    || (on == one.on && field == one.field)
                    || (["Query", "Mutation"].contains(&on) && one.with.contains(&field))
                    || (on.ends_with("_clock_input")
                        && one.on.ends_with("_clock_input")
                        && (field == one.field || one.with.contains(&field)))
            })
        };
        let ours: Vec<&String> = all
            .iter()
            .filter(|place| !prefect.contains(place.as_str()) && !is_listed(place))
            .collect();
        assert!(
            ours.is_empty(),
            "neither in Prefect 1 (tests/prefect1_fields.txt) nor in EXTENSIONS: {ours:?}"
        );
    }

    #[test]
    fn every_extension_is_in_our_schema_and_raises_its_own_flag() {
        let all = fields();
        for extension in &EXTENSIONS {
            let place = format!("{}.{}", extension.on, extension.field);
            assert!(all.contains(&place), "{place}");
            let mut known = Extensions::found(|on, field| (on, field) == (extension.on, extension.field));
            assert!(*(extension.flag)(&mut known));
            *(extension.flag)(&mut known) = false;
            assert_eq!(known, Extensions::default());
        }
    }
}
