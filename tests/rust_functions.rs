//! Migrations that are Rust functions, by the example of an app's own command.

use insta::allow_duplicates;

use crate::support::example::example;
use crate::support::project::{Output, Project, each_database};

const POSTS: &str = "CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL);
    INSERT INTO posts VALUES (1, 'Hello, World!'), (2, 'On  Größe')";

fn own(project: &Project, arguments: &[&str]) -> Output {
    project.run(project.command_of(&example("own_command"), arguments))
}

/// Before the function an SQL migration that it needs, and after it one that needs it.
fn prepare(project: &Project) {
    project.sql(POSTS);
    project.write(
        "release_migrations/1.1.0/20261121110000_slugs.sql",
        "ALTER TABLE posts ADD slug text",
    );
    let index = "-- after: fill_slugs\nINSERT INTO posts (id, title, slug) VALUES (3, 'x', 'x')";
    project.write("release_migrations/1.2.0/20261121130000_last.sql", index);
}

fn slugs(project: &Project) -> Vec<String> {
    project.query("SELECT slug FROM posts ORDER BY id")
}

#[test]
fn a_function_runs_in_order_with_the_files() {
    allow_duplicates!(each_database(|project| {
        prepare(project);
        project.version("1.2.0");
        insta::assert_snapshot!(own(project, &["db", "plan"]).expect_status(0), @r"
        app release 1.2.0

        to run now
          release  migration   stage  runs
          1.1.0    slugs       sql    pre-deploy
          1.1.0    fill_slugs  rust   post-deploy
          1.2.0    last        sql    pre-deploy
        next: handover db migrate
        [exit 0]
        ");
        let _ = own(project, &["db", "migrate"]).expect_status(0);
        assert_eq!(slugs(project), ["hello-world", "on-größe", "x"]);
        let again = own(project, &["db", "migrate"]).expect_status(0);
        assert!(again.stdout.starts_with("nothing to do"), "{again}");
        assert_eq!(
            project.query("SELECT slug FROM handover_migrations ORDER BY run_order"),
            ["slugs", "fill_slugs", "last"]
        );
    }));
}

#[test]
fn a_function_that_fails_has_done_nothing() {
    allow_duplicates!(each_database(|project| {
        prepare(project);
        project.sql("INSERT INTO posts VALUES (3, '?!')");
        project.version("1.1.0");
        let output = own(project, &["db", "migrate"]).expect_status(1);
        insta::assert_snapshot!(output, @r"
        --- stderr ---
        slugs (1.1.0)
        done: slugs in [duration]
        fill_slugs (1.1.0)
        error: Rust function `fill_slugs` of release 1.1.0 failed
        caused by: post 3 has no title
        hint: fix the function or the data, then run the same command again
        [exit 1]
        ");
        assert_eq!(slugs(project), ["NULL", "NULL", "NULL"]);
        project.sql("UPDATE posts SET title = 'Third' WHERE id = 3");
        let _ = own(project, &["db", "migrate"]).expect_status(0);
        assert_eq!(slugs(project), ["hello-world", "on-größe", "third"]);
    }));
}

#[test]
fn a_function_with_a_way_back_is_undone() {
    allow_duplicates!(each_database(|project| {
        prepare(project);
        project.version("1.1.0");
        let _ = own(project, &["db", "migrate"]).expect_status(0);
        let before = project.traces();
        // A program without the function can do nothing with this database.
        for arguments in [&["db", "migrate"][..], &["db", "plan"]] {
            insta::assert_snapshot!(project.handover(arguments).expect_status(2), @r"
            --- stderr ---
            error: Rust function `20261121120000_fill_slugs` of release 1.1.0 ran, but this program does not have it
            hint: run the app's own command, in which it is registered; or register it again
            [exit 2]
            ");
        }
        insta::assert_snapshot!(project.handover(&["db", "rollback"]).expect_status(2), @r"
        --- stderr ---
        error: Rust function `20261121120000_fill_slugs` of release 1.1.0 has no way back
        hint: give it one with `Function::undo`, or write another function that reverses it
        [exit 2]
        ");
        assert!(project.traces() == before);
        let _ = own(project, &["db", "rollback"]).expect_status(0);
        assert_eq!(slugs(project), ["NULL", "NULL"]);
        let _ = own(project, &["db", "migrate"]).expect_status(0);
        assert_eq!(slugs(project), ["hello-world", "on-größe"]);
    }));
}

/// The stock command does not know that a function is missing, but what comes after it does.
#[test]
fn what_comes_after_a_function_does_not_run_without_it() {
    allow_duplicates!(each_database(|project| {
        prepare(project);
        project.version("1.2.0");
        insta::assert_snapshot!(project.handover(&["db", "migrate"]).expect_status(2), @r"
        --- stderr ---
        error: `release_migrations/1.2.0/20261121130000_last.sql` comes after `fill_slugs`, and no change or migration is called that
        hint: correct `after` in `release_migrations/1.2.0/20261121130000_last.sql`, then run `handover check`
        [exit 2]
        ");
    }));
}
