//! A slot is at the start of its release, and is taken by one migration of an older release.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::manifest::Slot;
use crate::model::Release;
use crate::releases::Migration;
use crate::releases::check::CheckError;

/// Returns what is wrong with the slots. A slot is at the start of its release, and is taken by a
/// migration of an older release that has taken no other slot.
pub(in crate::releases) fn problems(
    slots: &[(PathBuf, Slot)],
    migrations: &[Migration],
) -> Vec<CheckError> {
    // A project without slots pays nothing.
    if slots.is_empty() {
        return Vec::new();
    }
    let mut first: HashMap<&Release, &Migration> = HashMap::new();
    let mut ids: HashMap<u64, &Migration> = HashMap::new();
    for migration in migrations {
        ids.insert(migration.id, migration);
        if let Some(release) = &migration.release {
            let first = first.entry(release).or_insert(migration);
            if migration.id < first.id {
                *first = migration;
            }
        }
    }
    let mut problems = Vec::new();
    let mut seen: HashMap<u64, &Path> = HashMap::new();
    let mut takers: HashMap<u64, &Path> = HashMap::new();
    for (path, slot) in slots {
        let other = ids.get(&slot.id).map(|migration| migration.path.as_path());
        if let Some(first) = other.or(seen.insert(slot.id, path)) {
            problems.push(CheckError::DuplicateId {
                id: slot.id,
                first: first.to_owned(),
                second: path.clone(),
            });
        }
        if let Some(first) = first.get(&slot.release)
            && first.id < slot.id
        {
            problems
                .push(CheckError::SlotBehind { path: path.clone(), migration: first.path.clone() });
        }
        problems.extend(taken(path, slot, &ids));
        if let Some(taken) = &slot.taken_by
            && let Some(first) = takers.insert(taken.migration, path)
        {
            problems.push(CheckError::SlotTwice {
                migration: taken.migration,
                first: first.to_owned(),
                second: path.clone(),
            });
        }
    }
    problems
}

/// Returns what is wrong with the migration that took the slot, if anything.
fn taken(path: &Path, slot: &Slot, ids: &HashMap<u64, &Migration>) -> Option<CheckError> {
    let taken = slot.taken_by.as_ref()?;
    let path = path.to_owned();
    if slot.release.gating() <= taken.release.gating() {
        let (slot, release) = (slot.release.clone(), taken.release.clone());
        return Some(CheckError::SlotOrder { path, slot, release });
    }
    let there = ids.get(&taken.migration).and_then(|migration| migration.release.as_ref());
    (there != Some(&taken.release)).then(|| CheckError::SlotTaken {
        path,
        migration: taken.migration,
        release: taken.release.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Taken;
    use crate::releases::sample::{rename, sql};

    fn slot(id: u64, release: &str, taken: Option<(u64, &str)>) -> (PathBuf, Slot) {
        let taken = taken.map(|(migration, release)| (migration, release.parse().unwrap()));
        let taken_by = taken.map(|(migration, release)| Taken { migration, release });
        (format!("s{id}").into(), Slot { id, release: release.parse().unwrap(), taken_by })
    }

    #[test]
    fn a_slot_is_at_the_start_and_taken_by_one_migration_of_an_older_release() {
        let mut migrations = rename(10, "users.username", "handle", ["9.0.0", "9.0.0", "9.0.1"]);
        migrations.push(sql(20, "moved", "8.17.1"));
        for (slots, expect) in [
            (vec![slot(1, "9.0.0", None), slot(2, "9.0.0", Some((20, "8.17.1")))], ""),
            (vec![slot(30, "9.1.0", None)], ""),
            // The contract's release begins with id 12.
            (vec![slot(5, "9.0.1", None)], ""),
            (vec![slot(13, "9.0.1", None)], "the slot `s13` is not at the start of its release"),
            (vec![slot(12, "9.1.0", None)], "and `s12` have the same id `12`"),
            (
                vec![slot(1, "9.1.0", None), slot(1, "9.2.0", None)],
                "`s1` and `s1` have the same id",
            ),
            (
                vec![slot(1, "9.0.0", Some((21, "8.17.1")))],
                "migration `21` of 8.17.1, but there is",
            ),
            (
                vec![slot(1, "9.0.0", Some((20, "8.17.2")))],
                "migration `20` of 8.17.2, but there is",
            ),
            (vec![slot(1, "8.17.1", Some((20, "8.17.1")))], "which is not an earlier release"),
            (
                vec![
                    slot(1, "9.0.0", Some((20, "8.17.1"))),
                    slot(2, "9.0.0", Some((20, "8.17.1"))),
                ],
                "the slots `s1` and `s2` are both taken by migration `20`",
            ),
        ] {
            let problems: Vec<_> = problems(&slots, &migrations);
            assert!(problems.iter().all(|problem| problem.hint().is_some()));
            let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
            if expect.is_empty() {
                assert_eq!(said, Vec::<String>::new());
            } else {
                assert!(said.len() == 1 && said[0].contains(expect), "{said:?} / {expect}");
            }
        }
    }
}
