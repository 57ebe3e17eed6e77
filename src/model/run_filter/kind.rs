//! What a filter can be about: one kind for each key of the language.

/// What a word of a filter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilterKind {
    /// The run's state.
    State,
    /// The project of its flow.
    Project,
    /// Its flow.
    Flow,
    /// The version of its flow.
    Version,
    /// Its labels.
    Label,
    /// The agent that took it.
    Agent,
    /// Its name.
    Name,
    /// When it was to start.
    Scheduled,
    /// When it started.
    Started,
    /// When it ended.
    Ended,
    /// How long it took.
    Duration,
    /// Late, or who started it.
    Is,
    /// What it has: failed task runs.
    Has,
    /// The value of a parameter.
    Parameter,
}

impl FilterKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::State,
        Self::Flow,
        Self::Project,
        Self::Name,
        Self::Label,
        Self::Agent,
        Self::Version,
        Self::Scheduled,
        Self::Started,
        Self::Ended,
        Self::Duration,
        Self::Is,
        Self::Has,
        Self::Parameter,
    ];

    /// The key and an example of its value.
    const fn spelling(self) -> (&'static str, &'static str) {
        match self {
            Self::State => ("state", "failed"),
            Self::Flow => ("flow", "etl"),
            Self::Project => ("project", "prod"),
            Self::Name => ("name", "~nightly"),
            Self::Label => ("label", "gpu"),
            Self::Agent => ("agent", "vm-2"),
            Self::Version => ("version", ">2"),
            Self::Scheduled => ("scheduled", ">-24h"),
            Self::Started => ("started", ">-24h"),
            Self::Ended => ("ended", "<2026-11-24"),
            Self::Duration => ("duration", ">10m"),
            Self::Is => ("is", "late"),
            Self::Has => ("has", "failed-tasks"),
            Self::Parameter => ("parameter.x", "5"),
        }
    }

    /// The key; that of a parameter has the parameter's name in it.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.spelling().0
    }

    /// An example of its value.
    #[must_use]
    pub fn example(self) -> &'static str {
        self.spelling().1
    }

    /// The kind of this key.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        let known = Self::ALL
            .into_iter()
            .find(|kind| *kind != Self::Parameter && kind.key() == key);
        known.or_else(|| {
            let name = key.strip_prefix("parameter.")?;
            (!matches!(name, "" | "\"\"")).then_some(Self::Parameter)
        })
    }

    /// The word on a chip.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Project => "Project",
            Self::Flow => "Flow",
            Self::Version => "Version",
            Self::Label => "Label",
            Self::Agent => "Agent",
            Self::Name => "Name",
            Self::Scheduled => "Scheduled",
            Self::Started => "Started",
            Self::Ended => "Ended",
            Self::Duration => "Duration",
            Self::Is => "Late or how started",
            Self::Has => "Failed task runs",
            Self::Parameter => "Parameter",
        }
    }

    /// Whether it compares a text, which may also be contained.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Flow | Self::Project | Self::Agent | Self::Name)
    }

    /// Whether it is about a time.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Self::Scheduled | Self::Started | Self::Ended)
    }
}

/// What can be written, each with what it means: what the help shows. All of it is understood.
pub const FILTER_HELP: [(&str, &str); 19] = [
    (
        "state:failed",
        "failed, however it failed; also running, pending, success, cancelled",
    ),
    ("state:TimedOut,Cancelled", "a comma means any of them"),
    ("flow:etl project:prod", "two words mean both"),
    ("-flow:etl", "a minus means not"),
    ("nightly", "has this in its name; the same as name:~nightly"),
    ("flow:~load", "~ means contains"),
    (
        "name:\"brave lynx\"",
        "what is in quotes is text; \\\" is a quote in it, and \\\\ a backslash",
    ),
    ("label:gpu,tpu", "has one of the labels"),
    ("label:gpu label:prod", "has both"),
    (
        "agent:vm-2 version:>2",
        "which agent took it; a newer version of the flow",
    ),
    (
        "started:>-24h",
        "in the last 24 hours; also s, m, d, w, and scheduled, ended",
    ),
    ("started:2026-11-24", "on that day, by your clock"),
    (
        "ended:2026-11-24T08:00..2026-11-24T10:00",
        "from one time up to another; with Z in UTC",
    ),
    (
        "duration:10m..1h",
        "at least and at most so long; also >10m, <30s",
    ),
    ("is:late", "should have started; also is:manual, is:scheduled"),
    ("has:failed-tasks", "a task run in it failed"),
    (
        "parameter.n:5",
        "ran with this value: a number, true, false, null, or a text",
    ),
    (
        "parameter.\"my key\":\"5\"",
        "in quotes it is a text and no number; a name may be in quotes, too",
    ),
    (
        "parameter.names:[\"a b\",1]",
        "a list that has all of these; written without spaces between them",
    ),
];
