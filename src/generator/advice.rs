//! What the developer changes in the code, and when.

use crate::model::{ChangeKind, ColumnPair, Release, Retype};

/// The changes that the developer makes in the code, by time. Each item is one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advice {
    /// Changes in the same merge request.
    pub now: Vec<String>,
    /// Changes once the contract has run.
    pub later: Vec<String>,
    /// Things not to touch, each with its reason.
    pub leave: Vec<String>,
    /// The other way to make the change, and when it suits.
    pub other_way: Vec<String>,
}

impl Advice {
    /// The advice for a change. `release` and `contract` are the releases of the stages expand and
    /// contract, if known.
    #[must_use]
    pub fn of(kind: &ChangeKind, release: Option<&Release>, contract: Option<&Release>) -> Self {
        match kind {
            ChangeKind::Rename(rename) => Self::rename(rename, release, contract),
            ChangeKind::RenameInPlace(rename) => Self::rename_in_place(rename, release, contract),
            ChangeKind::Drop(columns) => Self::drop(columns, release, contract),
            ChangeKind::Retype(retype) => Self::retype(retype, release, contract),
        }
    }

    fn drop(columns: &ColumnPair, release: Option<&Release>, contract: Option<&Release>) -> Self {
        let ColumnPair { table, from, to } = columns;
        let first = release.map_or("the release it goes into".to_owned(), ToString::to_string);
        let last = contract.map_or("the release after that".to_owned(), ToString::to_string);
        Self {
            now: vec![
                format!(
                    "In this merge request, remove the field `{from}` from the entity of `{table}`, \
                     and `{from}` from raw SQL."
                ),
                format!(
                    "Run `handover db migrate --pre` before {first} is rolled out, and \
                     `handover db migrate --post` after."
                ),
            ],
            later: vec![
                format!(
                    "The contract of {last} renames the column to `{to}`, which takes a moment; \
                     `handover db rollback` gives it back with its values."
                ),
                "The purge, in a later release, deletes the values. Move its file to a later release \
                 folder to keep them for longer."
                    .to_owned(),
            ],
            leave: vec![
                format!("Do not drop `{table}.{from}` yourself."),
                format!(
                    "Do not give `{table}` a new column `{from}` before the contract has run."
                ),
            ],
            other_way: Vec::new(),
        }
    }

    fn rename_in_place(
        rename: &ColumnPair,
        release: Option<&Release>,
        contract: Option<&Release>,
    ) -> Self {
        let by_copy = Self::rename(rename, release, contract);
        let ColumnPair { table, from, to } = rename;
        let last = contract.map_or("the release after that".to_owned(), ToString::to_string);
        Self {
            later: vec![
                format!("The contract of {last} renames the column itself, which takes a moment."),
                format!("Remaining uses of `{from}` in raw SQL may then be changed to `{to}`."),
            ],
            leave: vec![
                format!("Do not add, drop or rename `{table}.{from}` or `{table}.{to}` yourself."),
                format!(
                    "Whoever uses `{table}.{from}` past the shim (psql, other services) has to \
                     change to `{to}` at the moment of the contract. If that cannot be, rename by \
                     a copy: leave out `--in-place`."
                ),
            ],
            other_way: vec![
                format!(
                    "Without `--in-place`, `{from}` is copied to a second column: programs without the \
                     shim can read either name meanwhile."
                ),
                format!(
                    "Choose that if anything but this app uses `{table}`. The same command replaces \
                     these files while they are unreleased."
                ),
            ],
            ..by_copy
        }
    }

    fn retype(retype: &Retype, release: Option<&Release>, contract: Option<&Release>) -> Self {
        let Retype { columns: ColumnPair { table, from, to }, sql_type, .. } = retype;
        let first = release.map_or("the release it goes into".to_owned(), ToString::to_string);
        let last = contract.map_or("the release after that".to_owned(), ToString::to_string);
        Self {
            now: vec![
                format!(
                    "In this merge request, change the Rust type of the field `{from}` of the entity of \
                     `{table}` to one for `{sql_type}`."
                ),
                format!(
                    "The name stays: queries say `{from}` at any time, and never `{to}`, which is there \
                     for a while only."
                ),
                format!(
                    "Run `handover db migrate --pre` before {first} is rolled out, and \
                     `handover db migrate --post` after."
                ),
            ],
            later: vec![format!(
                "Nothing has to change when the contract has run (from {last} on)."
            )],
            leave: vec![
                format!("Do not add, drop or rename `{table}.{from}` or `{table}.{to}` yourself."),
                format!(
                    "Do not write `{table}.{from}` from outside of the app (psql, other services) \
                     until the contract: the guard refuses a value that does not convert in both \
                     directions."
                ),
            ],
            other_way: Vec::new(),
        }
    }

    fn rename(rename: &ColumnPair, release: Option<&Release>, contract: Option<&Release>) -> Self {
        let ColumnPair { table, from, to } = rename;
        let first = release.map_or("the release it goes into".to_owned(), ToString::to_string);
        let last = contract.map_or("the release after that".to_owned(), ToString::to_string);
        Self {
            now: vec![
                format!(
                    "In this merge request, rename the field `{from}` of the entity of `{table}` \
                     to `{to}`."
                ),
                format!(
                    "Queries may name `{from}` or `{to}` at any time: the connection maps both to \
                     the column that is there."
                ),
                format!(
                    "Run `handover db migrate --pre` before {first} is rolled out, and \
                     `handover db migrate --post` after."
                ),
            ],
            later: vec![
                format!("Nothing has to change when the contract has run (from {last} on)."),
                format!("Remaining uses of `{from}` in raw SQL may then be changed to `{to}`."),
            ],
            leave: vec![
                format!("Do not add, drop or rename `{table}.{from}` or `{table}.{to}` yourself."),
                format!(
                    "Do not write `{table}.{from}` from outside of the app (psql, other services) \
                     between the backfill and the contract: the guard refuses it."
                ),
                format!(
                    "Do not give `{to}` constraints or indexes of its own: the backfill copies \
                     those of `{from}`."
                ),
            ],
            other_way: vec![
                format!(
                    "With `--in-place`, the column `{from}` itself is renamed: that takes a moment for a \
                     table of any size, and keys, views and foreign keys stay."
                ),
                format!(
                    "Choose that if only this app uses `{table}`, through the shim. The same command \
                     replaces these files while they are unreleased."
                ),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Identifier;

    #[test]
    fn each_item_is_a_sentence_that_needs_no_release() {
        let rename = ColumnPair {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let in_place = ChangeKind::RenameInPlace(rename.clone());
        let drop = ChangeKind::Drop(rename.clone());
        let (release, contract) = (Release::new(9, 0, 0), Release::new(9, 0, 1));
        for advice in [
            Advice::rename(&rename, None, None),
            Advice::rename(&rename, Some(&release), Some(&contract)),
            Advice::of(&in_place, None, None),
            Advice::of(&in_place, Some(&release), Some(&contract)),
            Advice::of(&drop, None, None),
            Advice::of(&drop, Some(&release), Some(&contract)),
        ] {
            let Advice { now, later, leave, other_way } = &advice;
            for item in now.iter().chain(later).chain(leave).chain(other_way) {
                assert!(
                    item.ends_with('.') && !item.contains('\n') && !item.contains("  "),
                    "{item}"
                );
            }
        }
        assert!(Advice::rename(&rename, Some(&release), None).now[2].contains("before 9.0.0 is"));
    }
}
