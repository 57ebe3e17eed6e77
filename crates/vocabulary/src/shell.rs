//! Words for a POSIX shell.

use std::borrow::Cow;

/// A word as a shell reads it: as it stands where that is safe, otherwise between quotes.
#[must_use]
pub fn word(text: &str) -> Cow<'_, str> {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(is_safe) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

/// An option with its value, after a space. A value that looks like an option is tied to its own.
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    let tie = if value.starts_with('-') { '=' } else { ' ' };
    format!(" {name}{tie}{}", word(value))
}

/// A command as it is typed when the API is at an address where programs do not look by themselves: for Prefect's own
/// command line that is a variable of the environment, for Flowdeck's and for a program with flows an option.
#[must_use]
pub fn at_address(command: &str, address: &str) -> String {
    if command.starts_with("prefect ") {
        format!("export PREFECT__SERVER__ENDPOINT={} && {command}", word(address))
    } else {
        format!("{command}{}", option("--api", address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_the_address() {
        let at = |command| at_address(command, "http://localhost:4201");
        assert_eq!(
            at("flowdeck agent local start --label gpu"),
            "flowdeck agent local start --label gpu --api http://localhost:4201"
        );
        assert_eq!(
            at("prefect backend server && prefect register --project etl --path flow.py"),
            "export PREFECT__SERVER__ENDPOINT=http://localhost:4201 && prefect backend server && \
             prefect register --project etl --path flow.py"
        );
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_read_more_into_them() {
        for (text, quoted) in [
            ("simple-map", "simple-map"),
            ("n=5", "n=5"),
            ("", "''"),
            ("my flow", "'my flow'"),
            ("it's", r"'it'\''s'"),
            ("$(rm -rf ~)", "'$(rm -rf ~)'"),
            ("a\nb", "'a\nb'"),
            ("~", "'~'"),
            ("größe", "'größe'"),
            (r#"{"a": 1}"#, r#"'{"a": 1}'"#),
        ] {
            assert_eq!(word(text), quoted);
        }
        assert_eq!(option("--run-name", "-x"), " --run-name=-x");
        assert_eq!(option("--run-name", "x"), " --run-name x");
    }
}
