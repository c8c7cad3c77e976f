//! Files that touch a column, or do not.

use super::names::Columns;
use super::split_statements::script;
use super::statement_effect::{Classifier, Effect};
use super::{Context, of_migrations};
use crate::model::Deploy;
use crate::releases::sample::{release, rename, sql};
use crate::releases::{Body, Finding, Migration};

/// The effects of a file on the columns of the rename of `users.username` to `handle`, a word a statement:
/// how it touches, and which columns.
fn touches(table: &str, text: &str) -> String {
    let migrations = rename(10, &format!("{table}.username"), "handle", ["", "", ""]);
    let rename = migrations[0].change().unwrap().columns().clone();
    let script = script(text).unwrap();
    let classifier = Classifier { rename: &rename, grammar: script.grammar };
    let of = |columns: Columns| match (columns.from, columns.to) {
        (true, true) => "both",
        (true, false) => "from",
        (false, true) => "to",
        (false, false) => unreachable!(),
    };
    let words: Vec<String> = script
        .pieces
        .iter()
        .map(|piece| match classifier.effect(piece) {
            None => "-".to_owned(),
            Some(Effect::Schema(columns)) => format!("schema:{}", of(columns)),
            Some(Effect::Rows(columns)) => format!("rows:{}", of(columns)),
            Some(Effect::Unread(columns)) => format!("unread:{}", of(columns)),
            Some(Effect::Gone(columns)) => format!("gone:{}", of(columns)),
            Some(Effect::Table) => "table".to_owned(),
            Some(Effect::Position) => "position".to_owned(),
        })
        .collect();
    words.join(" ")
}

#[test]
fn schema_changes_of_the_column() {
    for (text, expect) in [
        ("CREATE INDEX i ON users (username)", "schema:from"),
        ("CREATE UNIQUE INDEX i ON users (lower(username))", "schema:from"),
        ("CREATE INDEX i ON users (email, username DESC)", "schema:from"),
        ("CREATE INDEX i ON users (email) INCLUDE (username)", "schema:from"),
        ("CREATE INDEX i ON users (email) WHERE username IS NOT NULL", "schema:from"),
        ("CREATE INDEX i ON users USING gin (username gin_trgm_ops)", "schema:from"),
        ("CREATE INDEX i ON users (handle)", "schema:to"),
        ("CREATE INDEX `i` ON `users` (`username`(10))", "schema:from"),
        ("ALTER TABLE users ADD CONSTRAINT c CHECK (length(username) > 2)", "schema:from"),
        ("ALTER TABLE users ADD CONSTRAINT c UNIQUE (email, username)", "schema:from"),
        ("ALTER TABLE users ADD UNIQUE KEY k (username)", "schema:from"),
        ("ALTER TABLE users ADD FOREIGN KEY (username) REFERENCES names (name)", "schema:from"),
        ("ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (username)", "schema:from"),
        ("ALTER TABLE posts ADD COLUMN author text REFERENCES users (username)", "schema:from"),
        ("CREATE TABLE posts (author text REFERENCES users (username))", "schema:from"),
        ("CREATE TABLE posts (a text, FOREIGN KEY (a) REFERENCES users (username))", "schema:from"),
        ("ALTER TABLE users ALTER COLUMN username SET NOT NULL", "schema:from"),
        ("ALTER TABLE users ALTER COLUMN username SET DEFAULT 'x'", "schema:from"),
        ("ALTER TABLE users ALTER COLUMN username TYPE varchar(200)", "schema:from"),
        ("ALTER TABLE users MODIFY username varchar(200) NOT NULL", "schema:from"),
        ("ALTER TABLE users CHANGE username username varchar(200)", "schema:from"),
        (
            "ALTER TABLE users ADD COLUMN a text GENERATED ALWAYS AS (lower(username)) STORED",
            "schema:from",
        ),
        ("ALTER TABLE users ADD COLUMN handle text", "schema:to"),
        ("ALTER TABLE users RENAME COLUMN username TO login", "gone:from"),
        ("ALTER TABLE users DROP COLUMN username", "gone:from"),
        ("ALTER TABLE users DROP CONSTRAINT users_username_key", "schema:from"),
        ("ALTER TABLE users RENAME CONSTRAINT users_username_key TO k", "schema:from"),
        ("ALTER TABLE users CHANGE username login varchar(200)", "gone:from"),
        ("DROP INDEX users_username_idx", "schema:from"),
        ("COMMENT ON COLUMN users.username IS 'x'", "schema:from"),
        ("COMMENT ON COLUMN public.users.username IS 'x'", "schema:from"),
        ("GRANT SELECT (username) ON users TO app", "schema:from"),
        ("CREATE POLICY p ON users USING (username = current_user)", "schema:from"),
        ("CREATE STATISTICS s ON username, email FROM users", "unread:from"),
        ("CREATE VIEW v AS SELECT username FROM users", "schema:from"),
        ("CREATE VIEW v AS SELECT u.username FROM users AS u", "schema:from"),
        (
            "CREATE VIEW v AS SELECT id FROM posts WHERE EXISTS (SELECT 1 FROM users WHERE username = posts.author)",
            "schema:from",
        ),
        ("CREATE MATERIALIZED VIEW v AS SELECT count(username) FROM users", "schema:from"),
        ("CREATE VIEW v AS SELECT * FROM users", "table"),
        ("CREATE VIEW v AS SELECT u.* FROM posts JOIN users u ON true", "table"),
        ("CREATE VIEW v AS SELECT id, * FROM posts, users", "table"),
        ("CREATE TRIGGER t AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()", "table"),
        (
            "CREATE TRIGGER t AFTER UPDATE ON users BEGIN UPDATE posts SET a = 1; DELETE FROM x; END; SELECT 1",
            "table -",
        ),
        (
            "CREATE TRIGGER t AFTER INSERT ON posts BEGIN UPDATE users SET username = 'x'; END",
            "schema:from",
        ),
        (
            "CREATE TRIGGER t AFTER INSERT ON posts FOR EACH ROW BEGIN IF NEW.a THEN UPDATE users SET username = 'x'; END IF; END; SELECT 1",
            "schema:from -",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 FROM users WHERE username = 'x' $$",
            "schema:from",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM users WHERE username = ''x'''",
            "schema:from",
        ),
        ("DO $$ BEGIN EXECUTE 'UPDATE users SET username = 1'; END $$", "unread:from"),
        ("CREATE VIRTUAL TABLE f USING fts5(username, content='users')", "unread:from"),
        ("CREATE TABLE archive () INHERITS (users)", "table"),
        ("CREATE TABLE users (id int)", "table"),
        ("DROP TABLE users", "table"),
        ("ALTER TABLE users RENAME TO people", "table"),
        ("ALTER TABLE people RENAME TO users", "table"),
        ("RENAME TABLE users TO people", "table"),
        ("ALTER TABEL users ADD username", "unread:from"),
        ("CREATE INDEX i ON users (username); SELECT 1; ALTER TABEL x", "schema:from - -"),
    ] {
        assert_eq!(touches("users", text), expect, "{text}");
    }
}

#[test]
fn writes_of_the_column() {
    for (text, expect) in [
        ("UPDATE users SET username = lower(username)", "rows:from"),
        ("UPDATE users u SET username = 'x' FROM posts p WHERE p.id = u.id", "rows:from"),
        ("UPDATE users SET username = 'x', handle = 'x'", "rows:both"),
        ("UPDATE users u JOIN posts p ON p.u = u.id SET u.username = p.name", "rows:from"),
        ("UPDATE users u JOIN posts p ON p.u = u.id SET p.username = u.name", "-"),
        ("WITH x AS (UPDATE users SET username = 'x' RETURNING id) SELECT * FROM x", "rows:from"),
        ("INSERT INTO users (id, username) VALUES (1, 'x')", "rows:from"),
        (
            "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET username = 'x'",
            "rows:from",
        ),
        ("INSERT INTO users VALUES (1, 'x')", "position"),
        ("INSERT INTO users SELECT * FROM people", "position"),
        ("INSERT INTO users (id) VALUES (1)", "-"),
        ("UPDATE users SET email = username", "-"),
        ("UPDATE posts SET author = (SELECT username FROM users LIMIT 1)", "-"),
        ("INSERT INTO posts (username) SELECT email FROM users", "-"),
        ("DELETE FROM users WHERE username = ''", "-"),
        ("SELECT username FROM users", "-"),
        ("CREATE TABLE copy AS SELECT username FROM users", "-"),
    ] {
        assert_eq!(touches("users", text), expect, "{text}");
    }
}

#[test]
fn what_leaves_the_column_alone() {
    for text in [
        "ALTER TABLE users ADD COLUMN x text",
        "ALTER TABLE users ADD COLUMN x text AFTER username",
        "ALTER TABLE users ADD COLUMN x text REFERENCES people (username)",
        "ALTER TABLE users ADD COLUMN x text DEFAULT 'username'",
        "ALTER TABLE users DROP CONSTRAINT users_email_key",
        "ALTER TABLE people DROP COLUMN username",
        "ALTER TABLE users ALTER COLUMN usernames SET NOT NULL",
        "CREATE INDEX username ON users (email)",
        "CREATE INDEX i ON people (username)",
        "CREATE INDEX users_username ON posts (id)",
        "CREATE TABLE posts (username text, author int REFERENCES users (id))",
        "CREATE TABLE IF NOT EXISTS users (id int, username text)",
        "CREATE VIEW username AS SELECT email FROM users",
        "CREATE VIEW v AS SELECT email AS username FROM users",
        "CREATE VIEW v AS SELECT count(*), 2 * id FROM users",
        "CREATE VIEW v AS SELECT p.username, p.* FROM people p JOIN users u ON u.id = p.id",
        "CREATE VIEW v AS SELECT username FROM people WHERE id IN (SELECT id FROM users)",
        "CREATE VIEW v AS SELECT * FROM people WHERE id IN (SELECT id FROM users)",
        "CREATE VIEW v AS SELECT username FROM people -- users",
        "COMMENT ON TABLE users IS 'the username is renamed'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT username FROM people $$",
        "DROP INDEX people_username_idx",
        "-- handover:allow\nCREATE INDEX i ON users (username)",
        "CREATE INDEX i ON users (username); -- handover:allow",
    ] {
        let said = touches("users", text);
        assert!(said == "-" || said.is_empty(), "{text}: {said}");
    }
}

#[test]
fn names_are_compared_as_databases_do() {
    for (table, text, expect) in [
        ("users", "ALTER TABLE USERS DROP COLUMN UserName", "gone:from"),
        ("users", "ALTER TABLE \"users\" DROP COLUMN \"username\"", "gone:from"),
        ("users", "ALTER TABLE \"Users\" DROP COLUMN username", "-"),
        ("users", "ALTER TABLE users DROP COLUMN \"Username\"", "-"),
        ("users", "ALTER TABLE `Users` DROP COLUMN `Username`", "gone:from"),
        ("users", "ALTER TABLE app.users DROP COLUMN username", "gone:from"),
        ("app.users", "ALTER TABLE users DROP COLUMN username", "gone:from"),
        ("app.users", "ALTER TABLE app.users DROP COLUMN username", "gone:from"),
        ("app.users", "ALTER TABLE audit.users DROP COLUMN username", "-"),
        ("app.users", "CREATE VIEW v AS SELECT username FROM audit.users", "-"),
        ("app.users", "COMMENT ON COLUMN audit.users.username IS 'x'", "-"),
        ("app.users", "COMMENT ON COLUMN app.users.username IS 'x'", "schema:from"),
        ("app.users", "CREATE VIEW v AS SELECT username FROM app.users", "schema:from"),
        ("users", "CREATE VIEW v AS SELECT app.users.username FROM app.users", "schema:from"),
    ] {
        assert_eq!(touches(table, text), expect, "{table}: {text}");
    }
}

fn post(mut migration: Migration) -> Migration {
    migration.deploy = Deploy::Post;
    migration
}

fn found(
    releases: [&str; 3],
    mut file: Migration,
    text: &str,
    context: Context<'_>,
) -> Vec<Finding> {
    let mut migrations = rename(10, "users.username", "handle", releases);
    file.body = Body::Sql { text: text.to_owned() };
    let id = file.id;
    migrations.push(file);
    of_migrations(&migrations, |migration| migration.id == id, context)
}

#[test]
fn only_what_runs_between_the_stages() {
    const WHOLE: [&str; 3] = ["9.0.0", "9.0.0", "9.0.1"];
    const NONE: [&str; 3] = ["", "", ""];
    const LATER: [&str; 3] = ["9.0.0", "9.1.0", "9.2.0"];
    for (releases, id, at, is_post, next, reached, expect) in [
        (WHOLE, 7, "9.0.0", false, "", "", false),
        (WHOLE, 20, "9.0.0", false, "", "", true),
        (WHOLE, 7, "9.0.0", true, "", "", true),
        (WHOLE, 20, "8.0.0", false, "", "", false),
        (WHOLE, 20, "8.0.0", true, "", "", false),
        (WHOLE, 7, "9.0.1", false, "", "", true),
        // Plain SQL runs before the contracts of its release, whatever its id.
        (WHOLE, 20, "9.0.1", true, "", "", true),
        (WHOLE, 7, "9.0.2", false, "", "", false),
        (LATER, 7, "9.1.0", false, "", "", true),
        (LATER, 7, "9.1.5", true, "", "", true),
        // What is unreleased goes into the next release, which may be the contract's.
        (WHOLE, 7, "", false, "", "", true),
        (WHOLE, 7, "", false, "9.0.1", "", true),
        (WHOLE, 20, "", true, "9.0.1", "", true),
        (WHOLE, 7, "", false, "9.1.0", "", false),
        (WHOLE, 7, "", false, "", "9.0.0", true),
        (WHOLE, 7, "", false, "", "9.0.1", false),
        (NONE, 7, "", false, "", "", false),
        (NONE, 20, "", false, "", "", true),
        (NONE, 7, "", true, "", "", true),
        (NONE, 20, "", false, "9.0.0", "8.0.0", true),
        (NONE, 20, "8.0.0", false, "", "", false),
        // The app has left the rename behind.
        (WHOLE, 20, "9.0.0", false, "", "9.0.1", true),
        (WHOLE, 20, "9.0.0", false, "", "9.0.2", false),
    ] {
        let file = sql(id, "x", at);
        let file = if is_post { post(file) } else { file };
        let (next, reached) = (release(next), release(reached));
        let context = Context { next: next.as_ref(), reached: reached.as_ref() };
        let found = found(releases, file, "ALTER TABLE users DROP COLUMN username", context);
        assert_eq!(
            found.len(),
            usize::from(expect),
            "{releases:?} {id} {at} {is_post} {context:?}"
        );
    }
}

#[test]
fn both_columns_alike_are_a_warning() {
    for (text, expect) in [
        ("CREATE INDEX a ON users (username); CREATE INDEX b ON users (handle)", "touches-both"),
        ("UPDATE users SET username = 'x', handle = 'x'", "touches-both"),
        ("CREATE INDEX a ON users (username)", "touches-rename"),
        ("CREATE INDEX a ON users (username, handle); DROP TABLE users", "touches-rename"),
        ("CREATE INDEX a ON users (username); ALTER TABEL users handle", "touches-rename"),
        ("'open users username", "touches-rename"),
        ("ALTER TABLE users DROP username; ALTER TABLE users DROP handle", "touches-rename"),
    ] {
        let found =
            found(["9.0.0", "9.0.0", "9.0.1"], sql(20, "x", "9.0.0"), text, Context::default());
        let codes: Vec<_> = found.iter().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, [expect], "{text}");
    }
    let open = found(
        ["9.0.0", "9.0.0", "9.0.1"],
        sql(20, "x", "9.0.0"),
        "'open users",
        Context::default(),
    );
    assert_eq!(open, []);
}
