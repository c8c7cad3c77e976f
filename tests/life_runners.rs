//! Several runners at once: each stage runs exactly once.

use std::thread;

use crate::support::project::{Output, each_database};
use crate::support::rename::{USERS, state};

const RUNNERS: usize = 8;

#[test]
fn life_runners_run_each_stage_once() {
    each_database(|project| {
        project.sql(
            "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE);
             INSERT INTO users VALUES (1, 'ada'), (2, 'grace'), (3, 'eve')",
        );
        USERS.write(project);
        let original = project.dump("users");
        for (version, reached, stages) in [
            ("9.0.0", "read_to", &["expand", "backfill"] as &[_]),
            ("9.0.1", "contracted", &["expand", "backfill", "contract"]),
        ] {
            project.version(version);
            let outputs = at_once(|| project.handover(&["db", "migrate", "--offline"]));
            for output in &outputs {
                assert!(matches!(output.status, Some(0 | 3)), "{output}");
            }
            // Each output tells of a stage when it begins it.
            for stage in
                stages.iter().filter(|stage| (**stage == "contract") == (version == "9.0.1"))
            {
                let begun = format!("{stage} of rename_it");
                let runs = outputs.iter().filter(|output| output.stderr.contains(&begun)).count();
                assert_eq!(runs, 1, "{stage}: {outputs:#?}");
            }
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            assert_eq!(state(project), reached);
            let history = "SELECT stage || status FROM handover_migrations ORDER BY run_order";
            let done: Vec<_> = stages.iter().map(|stage| format!("{stage}done")).collect();
            assert_eq!(project.query(history), done);
        }
        let back = ["db", "rollback", "--step", "3"];
        let outputs = at_once(|| project.handover(&back));
        let mut statuses: Vec<_> = outputs.iter().map(|output| output.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses[0], Some(0), "{outputs:#?}");
        assert_eq!(state(project), "pending");
        assert_eq!(project.dump("users"), original);
    });
}

fn at_once(run: impl Fn() -> Output + Sync) -> Vec<Output> {
    thread::scope(|scope| {
        let runs: Vec<_> = (0..RUNNERS).map(|_| scope.spawn(&run)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}
