//! The migrations that must be done before a migration, in addition to the order of releases and
//! stages.

use std::path::Path;

use super::{Location, ManifestError};
use crate::model::{ChangeName, InvalidChangeName};

/// Reads the names in a comma-separated list.
pub(super) fn names(list: &str) -> Result<Vec<ChangeName>, InvalidChangeName> {
    list.split(',').map(|name| name.trim().parse()).collect()
}

/// Reads what must be done before a plain SQL migration: the names after `-- after:` in the
/// comments at the start of the file. Errors name it as `file`.
///
/// # Errors
/// A name is not valid.
pub fn sql_after(file: &Path, text: &str) -> Result<Vec<ChangeName>, ManifestError> {
    let mut after = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let Some(comment) = line.trim_start().strip_prefix("--") else {
            if line.trim().is_empty() {
                continue;
            }
            break;
        };
        if let Some(list) = comment.trim_start().strip_prefix("after:") {
            let location = Location { file: file.to_owned(), position: Some((number, 1)) };
            let found = names(list).map_err(|source| ManifestError::After { location, source });
            after.extend(found?);
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_says_it_in_the_comments_that_it_begins_with() {
        let file = Path::new("a.yml");
        for (text, expect) in [
            ("", &[][..]),
            ("SELECT 1;\n-- after: a", &[]),
            ("-- why\n\n  --after: a, b\n-- after: c\nSELECT 1", &["a", "b", "c"]),
        ] {
            let after = sql_after(file, text).unwrap();
            assert_eq!(after.iter().map(ChangeName::as_str).collect::<Vec<_>>(), expect, "{text}");
        }
        let error = sql_after(file, "--\n-- after: A b").unwrap_err().to_string();
        assert_eq!(error, "a.yml:2:1: `after` names something that is not a valid change id");
    }
}
