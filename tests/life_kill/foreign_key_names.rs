//! Killed on MariaDB between dropping a foreign key and adding it to the other column by its name.
//!
//! MariaDB takes a name again only after the foreign key that had it is dropped. A run that ends there
//! leaves no foreign key of that name, and its unnamed counterpart on the other column.

use super::{LIFE, killed};
use crate::support::project::{Db, Project};
use crate::support::rename::USERS;

const TABLES: &str = "
    CREATE TABLE people (name varchar(40) PRIMARY KEY);
    CREATE TABLE users (id integer PRIMARY KEY, username varchar(40) NOT NULL,
        KEY by_person (username),
        CONSTRAINT who FOREIGN KEY (username) REFERENCES people (name));
    CREATE TABLE authors (name varchar(40) PRIMARY KEY);
    CREATE TABLE players (name varchar(40) PRIMARY KEY);
    INSERT INTO people VALUES ('ada'), ('grace');
    INSERT INTO authors SELECT * FROM people;
    INSERT INTO players SELECT * FROM people;
    INSERT INTO users VALUES (1, 'ada'), (2, 'grace')";

/// Each foreign key of `users`: its name, column and table.
fn foreign_keys(project: &Project) -> Vec<String> {
    project.query(
        "SELECT concat(constraint_name, ': ', column_name, ' -> ', referenced_table_name)
         FROM information_schema.key_column_usage
         WHERE table_schema = database() AND table_name = 'users' AND referenced_table_name IS NOT NULL
         ORDER BY 1",
    )
}

/// Runs a command of [`LIFE`], first killed at each of these steps.
#[track_caller]
fn run(project: &Project, command: usize, kills: &[&str]) {
    let (version, arguments) = LIFE[command];
    project.version(version);
    for kill in kills {
        assert!(killed(project, arguments, &format!("migrator::{kill}=return")), "{kill}");
    }
    let _ = project.handover(arguments).expect_status(0);
}

fn project() -> Project {
    let project = Project::new(Db::Mariadb);
    project.sql(TABLES);
    USERS.write(&project);
    run(&project, 0, &[]);
    run(&project, 1, &[]);
    project
}

const DROPPED: &str = "foreign_key::dropped";
const ADDED: &str = "foreign_key::added";

#[test]
fn life_kill_between_the_foreign_keys_of_a_contract_and_of_its_rollback() {
    let project = project();
    let both = ["users_handle_fkey: handle -> people", "who: username -> people"];
    assert_eq!(foreign_keys(&project), both);
    run(&project, 2, &[DROPPED, ADDED]);
    assert_eq!(foreign_keys(&project), ["who: handle -> people"]);
    run(&project, 3, &[DROPPED, ADDED]);
    assert_eq!(foreign_keys(&project), ["who: username -> people"]);
}

/// No note of the stages before knows these foreign keys.
#[test]
fn life_kill_between_foreign_keys_that_are_new() {
    let project = project();
    let (version, contract) = LIFE[2];
    project.version(version);
    assert!(killed(&project, contract, "migrator::entered::write_to=return"));
    project.sql(
        "ALTER TABLE users ADD CONSTRAINT writes FOREIGN KEY (username) REFERENCES authors (name)",
    );
    run(&project, 2, &[DROPPED, ADDED]);
    assert_eq!(foreign_keys(&project), ["who: handle -> people", "writes: handle -> authors"]);

    project.sql(
        "ALTER TABLE users ADD CONSTRAINT plays FOREIGN KEY (handle) REFERENCES players (name)",
    );
    run(&project, 3, &[DROPPED, DROPPED, DROPPED, ADDED]);
    let all =
        ["plays: username -> players", "who: username -> people", "writes: username -> authors"];
    assert_eq!(foreign_keys(&project), all);
}

/// A foreign key that somebody else has made under a noted name stays.
#[test]
fn life_kill_leaves_another_foreign_key_of_a_noted_name_alone() {
    let project = project();
    let (version, contract) = LIFE[2];
    project.version(version);
    assert!(killed(&project, contract, &format!("migrator::{DROPPED}=return")));
    project.sql("ALTER TABLE users ADD COLUMN boss varchar(40)");
    project.sql("ALTER TABLE users ADD CONSTRAINT who FOREIGN KEY (boss) REFERENCES people (name)");
    run(&project, 2, &[]);
    let keys = ["users_handle_fkey: handle -> people", "who: boss -> people"];
    assert_eq!(foreign_keys(&project), keys);
}
