//! No two migrations have one id.

use std::collections::BTreeMap;

use crate::releases::Migration;
use crate::releases::check::CheckError;

pub(super) fn duplicate_ids(migrations: &[Migration]) -> Vec<CheckError> {
    let mut problems = Vec::new();
    let mut by_id: BTreeMap<u64, &Migration> = BTreeMap::new();
    for migration in migrations {
        if let Some(first) = by_id.insert(migration.id, migration) {
            problems.push(CheckError::DuplicateId {
                id: migration.id,
                first: first.path.clone(),
                second: migration.path.clone(),
            });
        }
    }
    problems
}
