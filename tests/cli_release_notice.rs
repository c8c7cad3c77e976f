//! `release notice`: what admins are told.

use std::fmt::Write as _;

use crate::cli_budget::many_users;
use crate::support::project::{Db, Output, Project, each_database};

fn notice(project: &Project, arguments: &[&str]) -> Output {
    let arguments = [&["release", "notice"], arguments].concat();
    let mut command = project.command(&arguments);
    // Without a database.
    let output = command.env_remove("DATABASE_URL").output().unwrap();
    project.output(output)
}

#[test]
fn a_rename_is_announced() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    insta::assert_snapshot!(notice(&project, &["9.0.0"]), @r"
    # Upgrade to 9.0.0

    **2 database migrations, no downtime**: the application keeps running.

    ## What to do

    1. Before the roll-out, with the files of 9.0.0:

       ```sh
       handover db migrate --pre
       ```

    2. Roll 9.0.0 out to every process.
    3. When every process runs 9.0.0:

       ```sh
       handover db migrate --post --wait 10m
       ```

    Or with downtime: stop every process, replace the code, run `handover db migrate --offline`, and start again.

    ## What changes in the database

    ### `users.username` becomes `handle` (`rename_users_username_to_handle`)

    - **expand** (before the roll-out) adds the column `handle` to `users`, which is locked for a moment. Runs under traffic; it takes a moment.
    - **backfill** (after the roll-out) copies `username` to `handle` in every row of `users`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row. Runs under traffic; it takes up to a minute for every 600,000 rows.

    ## What follows in later releases

    - **9.0.1**: the contract of `rename_users_username_to_handle`

    ---

    Times are estimated at 10,000 rows a second written and 100,000 read; `--database-url` asks a database for its sizes. To lock a table for a moment, a stage of a change queues for [duration] at most, then lets the application go first and tries again for up to 1m; plain SQL queues until it is its turn.
    [exit 0]
    ");
    insta::assert_snapshot!(notice(&project, &["9.0.1"]), @r"
    # Upgrade to 9.0.1

    From 9.0.0.

    **1 database migration, no downtime**: the application keeps running.

    ## What to do

    1. Roll 9.0.1 out to every process.
    2. When every process runs 9.0.1:

       ```sh
       handover db migrate --post --wait 10m
       ```

    Or with downtime: stop every process, replace the code, run `handover db migrate --offline`, and start again.

    ## What changes in the database

    ### `users.username` becomes `handle` (`rename_users_username_to_handle`)

    - **contract** (after the roll-out) drops the column `username` of `users`, which is locked for a moment, twice; `handle` is then the last column, and indexes and constraints named after `username` are named after `handle`. Runs under traffic; it takes a moment.

    ---

    Times are estimated at 10,000 rows a second written and 100,000 read; `--database-url` asks a database for its sizes. To lock a table for a moment, a stage of a change queues for [duration] at most, then lets the application go first and tries again for up to 1m; plain SQL queues until it is its turn.
    [exit 0]
    ");
}

#[test]
fn an_upgrade_over_a_required_stop_is_announced() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    project.write(
        "release_migrations/9.0.1/20261121100000_add_tags.sql",
        "CREATE TABLE tags (id integer);\nCREATE INDEX tags_id ON tags (id);\n",
    );
    insta::assert_snapshot!(notice(&project, &["9.0.2", "--from", "8.17.0"]), @r"
    # Upgrade to 9.0.2

    From 8.17.0.

    **4 database migrations, no downtime**: the application keeps running.

    ## What to do

    ### 9.0.0

    Not to be skipped: it has to run everywhere for `rename_users_username_to_handle` (under way from 9.0.0 on, finished in 9.0.1).

    1. Before the roll-out, with the files of 9.0.0:

       ```sh
       handover db migrate --pre
       ```

    2. Roll 9.0.0 out to every process.
    3. When every process runs 9.0.0:

       ```sh
       handover db migrate --post --wait 10m
       ```

    ### 9.0.2

    1. Before the roll-out, with the files of 9.0.2:

       ```sh
       handover db migrate --pre
       ```

    2. Roll 9.0.2 out to every process.
    3. When every process runs 9.0.2:

       ```sh
       handover db migrate --post --wait 10m
       ```

    Or with downtime: stop every process, replace the code, run `handover db migrate --offline`, and start again.

    ## What changes in the database

    ### `users.username` becomes `handle` (`rename_users_username_to_handle`)

    - **expand** (with 9.0.0, before the roll-out) adds the column `handle` to `users`, which is locked for a moment. Runs under traffic; it takes a moment.
    - **backfill** (with 9.0.0, after the roll-out) copies `username` to `handle` in every row of `users`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row. Runs under traffic; it takes up to a minute for every 600,000 rows.
    - **contract** (with 9.0.1, after the roll-out) drops the column `username` of `users`, which is locked for a moment, twice; `handle` is then the last column, and indexes and constraints named after `username` are named after `handle`. Runs under traffic; it takes a moment.

    ### `add_tags`

    - **SQL** (with 9.0.1, before the roll-out) creates `tags`; then it builds an index of `tags`. Runs under traffic; it takes a moment.

    ---

    Times are estimated at 10,000 rows a second written and 100,000 read; `--database-url` asks a database for its sizes. To lock a table for a moment, a stage of a change queues for [duration] at most, then lets the application go first and tries again for up to 1m; plain SQL queues until it is its turn.
    [exit 0]
    ");
}

#[test]
fn what_needs_no_migration_is_said_to() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    let mut text = String::new();
    for arguments in [&["9.0.2"][..], &["9.0.2", "--from", "9.0.2"], &["--unreleased"]] {
        writeln!(text, "{}\n", notice(&project, arguments)).unwrap();
    }
    project.write("handover.yml", "required_stops: [9.0.5]\n");
    writeln!(text, "{}\n", notice(&project, &["9.1.0"])).unwrap();
    insta::assert_snapshot!(text, @r"
    # Upgrade to 9.0.2

    From 9.0.1.

    **No database changes: unpack and restart.**
    [exit 0]

    # Upgrade to 9.0.2

    From 9.0.2.

    **Nothing to do**: that is the same release.
    [exit 0]

    # Waiting for a release

    **Nothing is waiting.**
    [exit 0]

    # Upgrade to 9.1.0

    From 9.0.1.

    **No database changes**, but releases on the way must not be skipped.

    ## What to do

    ### 9.0.5

    Not to be skipped: `required_stops` says so.

    No database changes: unpack 9.0.5 and restart.

    ### 9.1.0

    No database changes: unpack 9.1.0 and restart.
    [exit 0]
    ");
}

#[test]
fn what_is_waiting_can_be_batched() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    let _ = project.handover(&["gen", "rename", "posts.title", "headline"]).expect_status(0);
    // The time of the generated files is in their names, not in what is told.
    for (name, text) in [
        ("1_drop_drafts", "DROP TABLE drafts;"),
        ("4_drop_old.post", "DROP TABLE old;"),
        ("2_lower_names", "UPDATE posts SET title = lower(title);"),
        ("3_reset", "SELECT reset_everything();"),
    ] {
        project.write(&format!("unreleased/{name}.sql"), text);
    }
    insta::assert_snapshot!(notice(&project, &["--unreleased"]), @r"
    # Waiting for a release

    **7 database migrations, of which 1 may break running code**: plan for downtime, or make sure that no running code is affected.

    `handover release cut RELEASE` puts all of it into one release.

    ## What changes in the database

    ### `drop_drafts`

    - **SQL** (before the roll-out) drops `drafts`; code that still uses it fails. **Not under traffic**, unless no running code is affected; it takes a moment.

    ### `lower_names`

    - **SQL** (before the roll-out) changes rows of `posts` in one statement; writes to them wait until it is done. Runs under traffic, with waits; it takes up to a minute for every 600,000 rows.

    ### `reset`

    - **SQL** (before the roll-out) runs `SELECT reset_everything()`. **Unknown, have it reviewed**; how long it takes is not known.

    ### `posts.title` becomes `headline` (`rename_posts_title_to_headline`)

    - **expand** (before the roll-out) adds the column `headline` to `posts`, which is locked for a moment. Runs under traffic; it takes a moment.
    - **backfill** (after the roll-out) copies `title` to `headline` in every row of `posts`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row. Runs under traffic; it takes up to a minute for every 600,000 rows.
    - **contract** (in a later release, after the roll-out) drops the column `title` of `posts`, which is locked for a moment, twice; `headline` is then the last column, and indexes and constraints named after `title` are named after `headline`. Runs under traffic; it takes a moment.

    ### `drop_old`

    - **SQL** (after the roll-out) drops `old`, which the release itself must not use any more. Runs under traffic; it takes a moment.

    ---

    Times are estimated at 10,000 rows a second written and 100,000 read; `--database-url` asks a database for its sizes. To lock a table for a moment, a stage of a change queues for [duration] at most, then lets the application go first and tries again for up to 1m; plain SQL queues until it is its turn.
    [exit 0]
    ");
}

#[test]
fn a_program_reads_the_same() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    insta::assert_snapshot!(notice(&project, &["9.0.0", "--json"]), @r#"
    {
      "database": null,
      "database_changes": true,
      "from": null,
      "later": [
        {
          "name": "rename_users_username_to_handle",
          "release": "9.0.1",
          "stage": "contract"
        }
      ],
      "migrations": [
        {
          "deploy": "pre",
          "effects": [
            {
              "extent": "moment",
              "table": "users",
              "traffic": "runs",
              "what": "adds the column `handle` to `users`, which is locked for a moment"
            }
          ],
          "expected_seconds": null,
          "id": 20261121093000,
          "kind": "expand",
          "name": "rename_users_username_to_handle",
          "over_budget": null,
          "release": "9.0.0",
          "rename": {
            "from": "username",
            "table": "users",
            "to": "handle"
          },
          "rows": [],
          "stage": "expand",
          "traffic": "runs"
        },
        {
          "deploy": "post",
          "effects": [
            {
              "extent": "copy",
              "table": "users",
              "traffic": "runs",
              "what": "copies `username` to `handle` in every row of `users`, without its triggers, and builds its indexes; a write waits only for a batch that holds its row"
            }
          ],
          "expected_seconds": null,
          "id": 20261121093001,
          "kind": "backfill",
          "name": "rename_users_username_to_handle",
          "over_budget": null,
          "release": "9.0.0",
          "rename": {
            "from": "username",
            "table": "users",
            "to": "handle"
          },
          "rows": [],
          "stage": "backfill",
          "traffic": "runs"
        }
      ],
      "release": "9.0.0",
      "required_stops": [],
      "steps": [
        {
          "actions": [
            {
              "run": "handover db migrate --pre"
            },
            {
              "roll_out": "9.0.0"
            },
            {
              "run": "handover db migrate --post --wait 10m"
            }
          ],
          "database_changes": 2,
          "release": "9.0.0",
          "required": false,
          "why": [
            {
              "reason": "goal"
            }
          ]
        }
      ],
      "traffic": "runs"
    }
    [exit 0]
    "#);
}

#[test]
fn times_are_those_of_the_given_database() {
    each_database(|project| {
        many_users(project);
        project.add_worked_example();
        let before = project.traces();
        let output = project.handover(&["release", "notice", "9.0.0"]).expect_status(0);
        assert!(output.stdout.contains("it takes about 3 s (about "), "{output}");
        assert!(output.stdout.contains(" rows in `users`)"), "{output}");
        let output = project.handover(&["release", "notice", "9.0.0", "--json"]).expect_status(0);
        let json: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        assert_eq!(json["migrations"][1]["expected_seconds"], 3.0, "{output}");
        assert_eq!(json["migrations"][1]["over_budget"], false, "{output}");
        assert!(project.traces() == before);
        project.write("handover.yml", "upgrade_budget: 1s\n");
        let output = project.handover(&["release", "notice", "9.0.0"]).expect_status(0);
        assert!(output.stdout.contains("longer than the `upgrade_budget` of 1s"), "{output}");
    });
}

#[test]
fn a_table_that_is_not_there_is_no_error() {
    each_database(|project| {
        project.add_worked_example();
        let output = project.handover(&["release", "notice", "9.0.0"]).expect_status(0);
        assert!(output.stdout.contains("(there is no `users` yet)"), "{output}");
    });
}

/// A copy that has come some way tells how fast this database is.
#[test]
fn a_copy_under_way_gives_the_rate() {
    each_database(|project| {
        many_users(project);
        project.add_worked_example();
        project.sql(
            "INSERT INTO handover_backfills
             (change_name, rows_copied, rows_estimated, started_at, updated_at)
             VALUES ('other', 20000, 1000000, 1000, 21000), ('short', 9, 9, 0, 1)",
        );
        let output = project.handover(&["release", "notice", "9.0.0"]).expect_status(0);
        assert!(output.stdout.contains("at the 1000 rows a second that it has copied"), "{output}");
    });
}

#[test]
fn what_cannot_be_announced() {
    let project = Project::worked_example(Db::Sqlite, "9.0.0");
    project.write("handover.yml", "minimum_version: 8.17.0\n");
    let mut text = String::new();
    for arguments in [
        &[][..],
        &["9.0.0", "--unreleased"],
        &["9.0.0", "--from", "9.0.1"],
        &["9.0.0", "--from", "8.0.0"],
        &["9.0"],
        &["9.0.0+build"],
    ] {
        let arguments = [&["release", "notice"], arguments].concat();
        writeln!(text, "{}\n", project.handover(&arguments)).unwrap();
    }
    let unreachable = ["release", "notice", "9.0.0", "--database-url", "nonsense://x"];
    let _ = project.handover(&unreachable).expect_status(2);
    insta::assert_snapshot!(text, @r"
    --- stderr ---
    error: the following required arguments were not provided:
      <RELEASE>

    Usage: handover release notice <RELEASE>

    For more information, try '--help'.
    [exit 2]

    --- stderr ---
    error: the argument '[RELEASE]' cannot be used with '--unreleased'

    Usage: handover release notice <RELEASE>

    For more information, try '--help'.
    [exit 2]

    --- stderr ---
    error: 9.0.0 is earlier than 9.0.1: that is not an upgrade
    hint: give the earlier release first: `handover release path --from 9.0.0 --to 9.0.1`
    [exit 2]

    --- stderr ---
    error: 8.0.0 is too old: the migrations up to 8.17.0 were squashed, so a database has to be at 8.17.0 or later
    hint: upgrade to 8.17.0 first, with that release's own files: `handover db migrate` there
    [exit 3]

    --- stderr ---
    error: the argument is not a valid release
    caused by: `9.0` is not a version of the form `9.0.0`
    hint: give a release such as `9.0.0`
    [exit 2]

    --- stderr ---
    error: the argument is not a valid release
    caused by: `9.0.0+build` has build metadata, which does not order releases
    hint: give a release such as `9.0.0`
    [exit 2]
    ");
}
