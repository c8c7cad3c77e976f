//! Somebody else changes the table while its rename is under way: between two stages, and between
//! two steps of one. The change is carried over, or the next command refuses by name and has done
//! nothing.

use super::case::{Case, Expect, Keeper};
use super::keepers;
use super::life::{plainly, whole};
use super::place::{self, Mould};
use super::whole::Whole;
use crate::support::project::Project;
use crate::support::rename::USERS;
use crate::support::wait::until_gone;

/// One statement of another session; `{c}` is the column. A refusal names the word.
struct Change {
    name: &'static str,
    sql: &'static str,
    word: &'static str,
}

const fn change(name: &'static str, sql: &'static str, word: &'static str) -> Change {
    Change { name, sql, word }
}

const POSTGRES: [Change; 13] = [
    change("index", "CREATE INDEX extra ON users ({c})", "extra"),
    change("unique_index", "CREATE UNIQUE INDEX extra ON users ({c})", "extra"),
    change("expression_index", "CREATE INDEX extra ON users (lower({c}))", "extra"),
    change("composite_index", "CREATE INDEX extra ON users (n, {c} DESC)", "extra"),
    change("check", "ALTER TABLE users ADD CONSTRAINT extra CHECK ({c} <> 'root')", "extra"),
    change("not_null", "ALTER TABLE users ALTER {c} SET NOT NULL", "not null"),
    change("default", "ALTER TABLE users ALTER {c} SET DEFAULT 'y'", "default"),
    change("wider_type", "ALTER TABLE users ALTER {c} TYPE varchar(40)", "character varying"),
    change(
        "foreign_key",
        "ALTER TABLE users ADD CONSTRAINT extra FOREIGN KEY ({c}) REFERENCES names",
        "extra",
    ),
    change("comment", "COMMENT ON COLUMN users.{c} IS 'said meanwhile'", "comment"),
    change("grant", "GRANT SELECT ({c}) ON users TO zoo_reader", "zoo_reader"),
    change("view", "CREATE VIEW extra AS SELECT {c} AS who FROM users", "extra"),
    change("statistics", "CREATE STATISTICS extra ON {c}, n FROM users", "extra"),
];

const MARIADB: [Change; 11] = [
    change("index", "CREATE INDEX extra ON users ({c})", "extra"),
    change("unique_index", "CREATE UNIQUE INDEX extra ON users ({c})", "extra"),
    change("composite_index", "CREATE INDEX extra ON users (n, {c} DESC)", "extra"),
    change("check", "ALTER TABLE users ADD CONSTRAINT extra CHECK ({c} <> 'root')", "extra"),
    change("not_null", "ALTER TABLE users MODIFY {c} varchar(20) NOT NULL DEFAULT 'x'", "not null"),
    change("default", "ALTER TABLE users ALTER {c} SET DEFAULT 'y'", "default"),
    change("wider_type", "ALTER TABLE users MODIFY {c} varchar(40) DEFAULT 'x'", "varchar"),
    change(
        "foreign_key",
        "ALTER TABLE users ADD CONSTRAINT extra FOREIGN KEY ({c}) REFERENCES names (name)",
        "extra",
    ),
    change(
        "comment",
        "ALTER TABLE users MODIFY {c} varchar(20) DEFAULT 'x' COMMENT 'm'",
        "comment",
    ),
    change("grant", "GRANT SELECT ({c}) ON users TO zoo_reader@localhost", "zoo_reader"),
    change("view", "CREATE VIEW extra AS SELECT {c} AS who FROM users", "extra"),
];

const SQLITE: [Change; 6] = [
    change("index", "CREATE INDEX extra ON users ({c})", "extra"),
    change("unique_index", "CREATE UNIQUE INDEX extra ON users ({c})", "extra"),
    change("expression_index", "CREATE INDEX extra ON users (lower({c}))", "extra"),
    change("composite_index", "CREATE INDEX extra ON users (n, {c} DESC)", "extra"),
    change("view", "CREATE VIEW extra AS SELECT {c} AS who FROM users", "extra"),
    change(
        "trigger",
        "CREATE TRIGGER extra AFTER INSERT ON names BEGIN UPDATE users SET {c} = 'z' WHERE id = 0; END",
        "extra",
    ),
];

const TABLE: &str = "
    CREATE TABLE names (name varchar(20) PRIMARY KEY);
    CREATE TABLE users (id integer PRIMARY KEY, username varchar(20) DEFAULT 'x', n integer);
    INSERT INTO names VALUES ('ada'), ('grace'), ('x');
    INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', 2), (3, 'x', 3)";

/// The commands of a life, each with the app's release at the time.
const LIFE: [(&str, &[&str]); 3] = [
    ("9.0.0", &["db", "migrate", "--offline", "--batch-size", "2", "--pre"]),
    ("9.0.0", &["db", "migrate", "--offline", "--batch-size", "2", "--post"]),
    ("9.0.1", &["db", "migrate", "--offline"]),
];

/// Where the life is interrupted: after so many commands, and in the next one at a fail point.
struct Stop {
    name: &'static str,
    done: usize,
    at: Option<&'static str>,
}

/// After each stage.
const STAGES: [Stop; 3] = [
    Stop { name: "after_expand", done: 1, at: None },
    Stop { name: "after_backfill", done: 2, at: None },
    Stop { name: "after_contract", done: 3, at: None },
];

/// Between steps. SQLite's contract is one transaction.
const STEPS: [Stop; 6] = [
    Stop { name: "at_column_added", done: 0, at: Some("entered::dual_write") },
    Stop { name: "at_guard", done: 1, at: Some("put_guard::from") },
    Stop { name: "at_first_batch", done: 1, at: Some("copy::batch") },
    Stop { name: "at_copied", done: 1, at: Some("copy::done") },
    Stop { name: "at_reads_switched", done: 1, at: Some("entered::read_to") },
    Stop { name: "at_relaxed", done: 2, at: Some("entered::write_to") },
];

/// Of all pairs of a stop and a change, one in so many is taken in a normal run: each change once if
/// they are as many as the stops, and each stop with some of the changes.
fn between(
    keeper: Keeper,
    changes: &'static [Change],
    kind: &str,
    stops: &'static [Stop],
    one_in: usize,
) {
    let prefix = format!("{}-{kind}/", keeper.name());
    let mut works = Vec::new();
    for (number, stop) in stops.iter().enumerate() {
        for (index, change) in changes.iter().enumerate() {
            let is_taken = keepers::takes_all() || (index + number).is_multiple_of(one_in);
            let name = format!("{prefix}{}.{}", stop.name, change.name);
            works.push((name, (stop, change, is_taken)));
        }
    }
    keepers::expect_known(&prefix, &works);
    let taken: Vec<_> = works.iter().filter(|(_, (_, _, is_taken))| *is_taken).collect();
    keepers::each(&taken, |(stop, change, _)| meddled(keeper, stop, change));
}

/// Leads a life in which the change is made at the stop.
fn meddled(keeper: Keeper, stop: &Stop, change: &Change) -> Result<(), String> {
    let case = Case::of(change.name, TABLE, USERS, Expect::Any);
    let mould = Mould::new(&case, keeper)?;
    let project = mould.cast()?;
    run(&project, "8.17.0", &["db", "init", "--baseline", "8.17.0"], None)?;
    USERS.write(&project);
    for (version, arguments) in &LIFE[..stop.done] {
        run(&project, version, arguments, None)?;
    }
    if let Some(point) = stop.at {
        let (version, arguments) = LIFE[stop.done];
        run(&project, version, arguments, Some(point))?;
    }
    let is_over = stop.done == LIFE.len();
    let sql = |name: &str| change.sql.replace("{c}", name);
    let other = mould.cast()?;
    let name = if is_over { "handle" } else { "username" };
    let made = place::load(&project, &[&sql(name)]);
    if is_over {
        plainly(&case, &other)?;
        place::load(&other, &[&sql("handle")])?;
    } else {
        place::load(&other, &[&sql("username")])?;
        plainly(&case, &other)?;
        if keeper == Keeper::Mariadb && change.name == "grant" {
            place::load(&other, &[&sql("handle")])?;
        }
    }
    if made.is_err() {
        // The database has refused it to the other session: there is nothing to carry over.
        return Ok(());
    }
    for (version, arguments) in LIFE.iter().skip(stop.done) {
        if refused(&project, version, arguments, change)? {
            return Ok(());
        }
    }
    let there = if is_over { "handle" } else { "username" };
    same("there", &whole(&case, &project, "handle"), &whole(&case, &other, there))?;
    for _ in 0..3 {
        if refused(&project, "9.0.1", &["db", "rollback"], change)? {
            return Ok(());
        }
    }
    let other = mould.cast()?;
    place::load(&other, &[&sql("username")])?;
    same("back", &whole(&case, &project, "username"), &whole(&case, &other, "username"))
}

fn same(step: &str, found: &Whole, expect: &Whole) -> Result<(), String> {
    match found.differs(expect) {
        None => Ok(()),
        Some(differs) => Err(format!("{step}: the change was not carried over (-):\n{differs}")),
    }
}

/// Runs a command that succeeds, or is killed at the fail point.
fn run(project: &Project, version: &str, words: &[&str], at: Option<&str>) -> Result<(), String> {
    project.version(version);
    let mut command = project.command(words);
    if let Some(point) = at {
        command.env("FAILPOINTS", format!("migrator::{point}=return"));
    }
    let output = project.run(command);
    if at.is_some() {
        until_gone(project);
    }
    // A killed process has no status.
    let expect = if at.is_some() { None } else { Some(0) };
    if output.status == expect { Ok(()) } else { Err(format!("{words:?}: {output}")) }
}

/// Runs a command that succeeds, or refuses by name before it has done anything.
fn refused(
    project: &Project,
    version: &str,
    words: &[&str],
    change: &Change,
) -> Result<bool, String> {
    let case = Case::of(change.name, TABLE, USERS, Expect::Any);
    let before = whole(&case, project, "username");
    project.version(version);
    let output = project.handover(words);
    match output.status {
        Some(0) => return Ok(false),
        Some(3) => {}
        _ => return Err(format!("{words:?}: neither carried over nor refused:\n{output}")),
    }
    let said = output.stderr.to_lowercase();
    for word in [change.word, "users", "hint: "] {
        if !said.contains(word) {
            return Err(format!("{words:?}: the refusal does not name `{word}`:\n{output}"));
        }
    }
    match whole(&case, project, "username").differs(&before) {
        None => Ok(true),
        Some(differs) => Err(format!("{words:?}: it was refused, but has changed:\n{differs}")),
    }
}

#[test]
fn zoo_between_stages_sqlite() {
    between(Keeper::Sqlite, &SQLITE, "stages", &STAGES, 1);
}

#[test]
fn zoo_between_stages_postgres() {
    between(Keeper::Postgres15, &POSTGRES, "stages", &STAGES, 3);
}

#[test]
fn zoo_between_stages_mariadb() {
    between(Keeper::Mariadb, &MARIADB, "stages", &STAGES, 3);
}

#[test]
fn zoo_between_steps_sqlite() {
    between(Keeper::Sqlite, &SQLITE, "steps", &STEPS[..5], 5);
}

#[test]
fn zoo_between_steps_postgres() {
    between(Keeper::Postgres15, &POSTGRES, "steps", &STEPS, 6);
}

#[test]
fn zoo_between_steps_mariadb() {
    between(Keeper::Mariadb, &MARIADB, "steps", &STEPS, 6);
}
