//! Every rule with its code and severity.

use serde::Serialize;

/// A rule of `handover check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Rule {
    /// Its name, which never changes.
    pub code: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// The rule, in one sentence.
    #[serde(skip)]
    pub about: &'static str,
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The files are not fit to be merged.
    Error,
    /// Somebody should look.
    Warning,
}

impl Severity {
    /// The word used in output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! rules {
    ($($name:ident $severity:ident $code:literal $about:literal)*) => {
        $(pub(in crate::releases) const $name: Rule =
            Rule { code: $code, severity: Severity::$severity, about: $about };)*

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$($name),*];
        }
    };
}

rules! {
    UNREADABLE Error "unreadable" "Every file can be read, and is text."
    MISPLACED Error "misplaced-file" "Only migrations are in the folders of migrations, under the names of migrations."
    MALFORMED Error "malformed-file" "A stage file or slot has the keys that it needs, and no others."
    MALFORMED_SETTINGS Error "malformed-settings" "handover.yml has known keys with values in bounds."
    MALFORMED_DUMP Error "malformed-dump" "A schema dump has its header and its trailer."
    NAME_DIFFERS Error "name-differs" "The name of a file agrees with its content."
    DUPLICATE_ID Error "duplicate-id" "No two migrations have one id."
    DUPLICATE_STAGE Error "duplicate-stage" "A change has each stage once."
    MISSING_STAGE Error "missing-stage" "A change has every stage."
    PARTLY_RELEASED Error "partly-released" "Either all stages of a change are in releases, or none is."
    STAGE_TOO_EARLY Error "stage-too-early" "A stage is in no earlier release than the stage before it."
    CONTRACT_TOO_EARLY Error "contract-too-early" "A contract is in a later release than its expand and backfill."
    WRONG_ORDER Error "wrong-order" "Within a release, the ids of a change are in the order of its stages."
    STAGES_DISAGREE Error "stages-disagree" "The stages of a change agree in what they rename."
    OVERLAP Error "overlap" "No two changes use one column at the same time."
    SLOT_MISPLACED Error "slot-misplaced" "A slot is at the start of the release that it names."
    SLOT_TAKEN Error "slot-taken" "A slot is taken by one migration of an older release."
    FUTURE_TIMESTAMP Error "future-timestamp" "An unreleased migration was not made in the future."
    OLD_TIMESTAMP Warning "old-timestamp" "An unreleased migration is not old."
    BEFORE_STOP Error "before-stop" "An unreleased migration was made after the last required stop."
    EDITED Error "released-file-edited" "A released migration has not changed since the schema was dumped."
    REMOVED Error "released-file-removed" "A released migration has its file, unless it is before the minimum version."
    LATE Error "late-migration" "No migration is added to a release whose schema has been dumped."
    AHEAD Error "ahead-of-target" "No migration begins something in a release after the next one."
    AFTER_UNKNOWN Error "after-unknown" "Each name in `after` is that of a migration."
    AFTER_UNFINISHED Error "after-unfinished" "Each migration named in `after` is done by the release of the one that names it."
    STOP_BEFORE_ALL Error "stop-before-all" "A required stop is no earlier than the first migrations."
    STOP_EMPTY Warning "stop-empty" "A required stop has migrations."
    TOUCHES_RENAME Error "touches-rename" "Plain SQL does not touch a column between the expand and the contract of its rename."
    TOUCHES_BOTH Warning "touches-both" "Plain SQL that touches both columns of a rename does the same to both."
    NO_STATEMENT Warning "no-statement" "A plain SQL migration has a statement."
    COLUMN_STILL_NAMED Warning "column-still-named" "Code does not use the former name of a column."
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_rule_has_a_name_of_its_own_and_a_sentence() {
        let codes: HashSet<_> = Rule::ALL.iter().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            let plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(rule.code.chars().all(plain) && rule.about.ends_with('.'), "{rule:?}");
        }
    }

    #[test]
    fn the_page_names_every_rule() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/check.md");
        let page = std::fs::read_to_string(page).unwrap();
        for rule in Rule::ALL {
            let line = format!("| `{}` | {} |", rule.code, rule.severity.as_str());
            assert!(page.contains(&line), "docs/reference/check.md lacks: {line}");
        }
    }
}
