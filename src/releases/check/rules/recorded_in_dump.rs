//! Each migration that a schema dump records still has its file, unchanged.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::rule::{EDITED, REMOVED};
use super::{Checks, Finding};
use crate::releases::MigrationFile;

/// Checks that each migration in a schema dump still has its file, unchanged. A file from before the
/// minimum version may be gone: no database needs it any more.
pub(super) fn findings(files: &[MigrationFile], checks: &Checks<'_>) -> Vec<Finding> {
    if checks.dumps.is_empty() {
        return Vec::new();
    }
    let files: HashMap<u64, &MigrationFile> = files.iter().map(|file| (file.id, file)).collect();
    let mut findings = Vec::new();
    let mut told = HashSet::new();
    for dump in checks.dumps {
        let dump_file = dump.kind.dump_file();
        for recorded in &dump.migrations {
            let file = files.get(&recorded.id);
            let behind = checks
                .settings
                .minimum_version
                .as_ref()
                .is_some_and(|at| at.has_reached(&recorded.release));
            match file {
                Some(file) if file.checksum == recorded.checksum => {}
                Some(file) if told.insert(recorded.id) => {
                    let message = format!(
                        "`{}` has changed since `{dump_file}` was made with it",
                        file.path.display()
                    );
                    let hint = format!("restore it: `git checkout -- {}`", file.path.display());
                    findings.push(Finding::new(EDITED, &file.path, message, hint));
                }
                None if !behind && told.insert(recorded.id) => {
                    let message = format!(
                        "`{}_{}` of {} is in `{dump_file}`, but its file is gone, and a database \
                         of an earlier release still has to run it",
                        recorded.id, recorded.file, recorded.release
                    );
                    let hint = "restore the file from version control; `handover release squash` \
                                removes what no database needs any more"
                        .to_owned();
                    findings.push(Finding::new(REMOVED, &PathBuf::from(dump_file), message, hint));
                }
                _ => {}
            }
        }
    }
    findings
}
