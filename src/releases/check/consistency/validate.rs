//! Everything that can be known from the files alone.

use super::duplicate_ids::duplicate_ids;
use super::overlap::overlaps;
use super::stages_of_change::by_change;
use crate::releases::Migration;
use crate::releases::check::CheckError;

/// Checks everything that can be known from the files alone: ids are unique; each change has each
/// stage once, in releases and with ids in their order, and its stages agree; no two changes use
/// one column at the same time. The content of [`Body::Unparsed`](crate::releases::Body::Unparsed) is not
/// checked.
///
/// # Errors
/// The first thing that does not fit.
pub fn validate(migrations: &[Migration]) -> Result<(), CheckError> {
    problems(migrations).into_iter().next().map_or(Ok(()), Err)
}

/// Returns everything that does not fit.
pub(in crate::releases) fn problems(migrations: &[Migration]) -> Vec<CheckError> {
    let mut problems = duplicate_ids(migrations);
    let changes = by_change(migrations, &mut problems);
    for (change, stages) in &changes {
        stages.problems(change, &mut problems);
    }
    problems.extend(overlaps(changes.values()));
    problems
}
