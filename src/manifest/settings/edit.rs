//! Changes `minimum_version` in the text of `handover.yml`, and nothing else.

use std::fmt::Write as _;
use std::path::Path;

use super::{Settings, SettingsError};
use crate::model::Release;

const KEY: &str = "minimum_version:";

impl Settings {
    /// Returns the text of `handover.yml` with another `minimum_version`, and everything else,
    /// comments included, unchanged. The result is parsed again and compared; returns `None` if it
    /// does not have exactly the wanted settings, because the text does not have one key on each
    /// line.
    ///
    /// # Errors
    /// The text is not valid as settings.
    pub fn with_minimum_version(
        file: &Path,
        text: &str,
        minimum: &Release,
    ) -> Result<Option<String>, SettingsError> {
        let mut expected = Self::parse(file, text)?;
        if expected.minimum_version.as_ref() == Some(minimum) {
            return Ok(Some(text.to_owned()));
        }
        expected.minimum_version = Some(minimum.clone());
        let mut edited = String::with_capacity(text.len() + 32);
        let mut found = false;
        for line in text.split_inclusive('\n') {
            match line.strip_prefix(KEY) {
                Some(rest) if !found => {
                    found = true;
                    edited.push_str(KEY);
                    let _ = write!(edited, " {minimum}{}", after_value(rest));
                }
                _ => edited.push_str(line),
            }
        }
        if !found {
            if !edited.is_empty() && !edited.ends_with('\n') {
                edited.push('\n');
            }
            let _ = writeln!(edited, "{KEY} {minimum}");
        }
        let says = Self::parse(file, &edited).is_ok_and(|settings| settings == expected);
        Ok(says.then_some(edited))
    }
}

/// The rest of a line after its value: space, a comment, the line's end.
fn after_value(rest: &str) -> &str {
    let comment = rest.find(" #").or_else(|| rest.find("\t#"));
    let end = comment.unwrap_or(rest.len());
    let value = rest[..end].trim_end();
    &rest[value.len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str) -> Option<String> {
        Settings::with_minimum_version(Path::new("handover.yml"), text, &Release::new(9, 1, 0))
            .unwrap()
    }

    #[test]
    fn one_line_is_changed_and_nothing_else() {
        for (before, after) in [
            ("", "minimum_version: 9.1.0\n"),
            ("# mine", "# mine\nminimum_version: 9.1.0\n"),
            ("lock: { timeout: 1s } # a\n", "lock: { timeout: 1s } # a\nminimum_version: 9.1.0\n"),
            (
                "# a\nminimum_version:   8.0.0   # since the squash\nrequired_stops: [9.1.0]\n",
                "# a\nminimum_version: 9.1.0   # since the squash\nrequired_stops: [9.1.0]\n",
            ),
            ("minimum_version: '8.0.0'\r\n# b\r\n", "minimum_version: 9.1.0\r\n# b\r\n"),
            ("minimum_version: 8.0.0", "minimum_version: 9.1.0"),
            ("minimum_version:\nlock: {}\n", "minimum_version: 9.1.0\nlock: {}\n"),
            ("# minimum_version: 8.0.0\n", "# minimum_version: 8.0.0\nminimum_version: 9.1.0\n"),
        ] {
            assert_eq!(edit(before).as_deref(), Some(after), "{before:?}");
            assert_eq!(edit(after).as_deref(), Some(after), "twice: {before:?}");
        }
    }

    #[test]
    fn what_cannot_be_edited_is_left_alone() {
        for text in [
            "{}",
            "{ minimum_version: 8.0.0 }",
            "\"minimum_version\": 8.0.0\n",
            "minimum_version:\n  8.0.0\n",
            "minimum_version: >-\n  8.0.0\n",
            "lock: {}\n...\n",
        ] {
            assert_eq!(edit(text), None, "{text:?}");
        }
        // Whoever has written it by hand is not asked to do so again.
        let done = "{ minimum_version: 9.1.0 }";
        assert_eq!(edit(done).as_deref(), Some(done));
        let wrong = Settings::with_minimum_version(
            Path::new("handover.yml"),
            "lokc: 1",
            &Release::new(9, 1, 0),
        );
        assert!(wrong.is_err());
    }
}
