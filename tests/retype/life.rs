//! There and back, with what is in the table.

use super::{CASES, migrate};
use crate::support::rename::state;

#[test]
fn retype_there_and_back() {
    for case in &CASES {
        eprintln!("on {:?}: {} to {}", case.db, case.column, case.to);
        let project = case.project();
        let dump = || project.dump("people");
        let before = dump();
        let first = case.shown(&project);
        let expect: Vec<&str> = case.values.iter().map(|(_, after)| *after).collect();
        let mut contracted = None;
        // The second time meets what the first has left behind, which the type does not decide.
        let first_of_its_kind = CASES.iter().find(|own| own.db == case.db).unwrap();
        let times = if std::ptr::eq(case, first_of_its_kind) { 2 } else { 1 };
        for _ in 0..times {
            migrate(&project, "9.0.0", "--pre", "dual_write");
            migrate(&project, "9.0.0", "--post", "read_to");
            migrate(&project, "9.0.1", "--post", "contracted");
            assert_eq!(case.shown(&project), expect);
            let now = dump();
            assert_eq!(*contracted.get_or_insert(now.clone()), now);
            for after in ["read_to", "dual_write", "pending"] {
                let output = project.handover(&["db", "rollback"]).expect_status(0);
                assert_eq!(state(&project), after, "{output}");
                let _ = project.handover(&["db", "verify"]).expect_status(0);
            }
            assert_eq!(case.shown(&project), first);
            assert_eq!(dump(), before);
        }
    }
}

/// What the column has, it has under its old name.
#[test]
fn retype_keeps_what_is_on_the_column() {
    for case in &CASES {
        let project = case.project();
        let names = |dump: &str| {
            let mut names: Vec<_> = dump
                .lines()
                .filter(|line| line.contains("people_age") || line.contains("years"))
                .map(str::to_owned)
                .collect();
            names.sort();
            names.len()
        };
        let before = names(&project.dump("people"));
        project.version("9.0.1");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(&project), "contracted");
        assert_eq!(names(&project.dump("people")), before, "{}", project.dump("people"));
        let _ = project.handover(&["db", "verify"]).expect_status(0);
    }
}
