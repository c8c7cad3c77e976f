//! A column that is about to be dropped, and one that is gone.

use super::*;
use crate::model::ChangeName;
use crate::shim::known_columns::{KnownColumns, TableColumns};
use crate::shim::rewrite::{Analysis, analyze};

const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb];

/// `users.nickname` is dropped; what is left of it is called `nickname_dropped`.
fn dropped(state: State, dialect: Dialect, code: Side) -> Mapping {
    let columns = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("nickname").unwrap(),
        to: Identifier::new("nickname_dropped").unwrap(),
    };
    let own = match state {
        State::Contracted => vec!["nickname_dropped"],
        State::Purged => Vec::new(),
        _ => vec!["nickname"],
    };
    let physical: Vec<String> =
        ["id"].iter().chain(&own).chain(&["email"]).map(|name| (*name).to_owned()).collect();
    let schema = (dialect != Dialect::MariaDb).then_some("public");
    let name: ChangeName = "drop_users_nickname".parse().unwrap();
    let mut mapping = Mapping::default();
    mapping.add_dropped(&columns, (&name, state), code, schema, &physical);
    mapping
}

/// The text that is sent, and whether the use of the column is reported.
fn found(
    state: State,
    dialect: Dialect,
    code: Side,
    sql: &str,
) -> Result<(String, bool), RewriteError> {
    let mut known = KnownColumns::default();
    let names = ["id", "user_id", "t", "nickname"].map(str::to_owned).to_vec();
    if sql.contains("posts") && !sql.contains("posts AS p") && !sql.contains("u.nickname") {
        known.insert("posts".parse().unwrap(), TableColumns { names, unlisted: Vec::new() });
    }
    let Analysis { rewrite, names_dropped, .. } =
        analyze(sql, dialect, &dropped(state, dialect, code), &known)?;
    let sent = match rewrite {
        Rewrite::Untouched => sql.to_owned(),
        Rewrite::Edited { sql, .. } => sql.replace('`', "\""),
    };
    Ok((sent, !names_dropped.is_empty()))
}

#[test]
fn a_star_shows_the_column_to_the_code_that_has_it() {
    for dialect in ALL {
        for (state, code, expect) in [
            (State::Pending, Side::From, r#"SELECT "id", "nickname", "email" FROM users"#),
            (State::Pending, Side::To, r#"SELECT "id", "email" FROM users"#),
            (State::Ignored, Side::From, r#"SELECT "id", "nickname", "email" FROM users"#),
            (State::Ignored, Side::To, r#"SELECT "id", "email" FROM users"#),
            (State::Contracted, Side::From, r#"SELECT "id", "email" FROM users"#),
            (State::Contracted, Side::To, r#"SELECT "id", "email" FROM users"#),
            (State::Purged, Side::To, r#"SELECT "id", "email" FROM users"#),
        ] {
            let (sent, reported) = found(state, dialect, code, "SELECT * FROM users").unwrap();
            assert_eq!((sent.as_str(), reported), (expect, false), "{state} {dialect}");
        }
    }
}

#[test]
fn an_insert_by_position_has_the_columns_of_its_code() {
    for dialect in ALL {
        let values = |values| format!("INSERT INTO users VALUES ({values})");
        for (state, code, values, list) in [
            (State::Ignored, Side::To, values("1, 'x'"), r#"("id", "email")"#),
            (State::Contracted, Side::To, values("1, 'x'"), r#"("id", "email")"#),
            (State::Ignored, Side::From, values("1, 'n', 'x'"), r#"("id", "nickname", "email")"#),
        ] {
            let (sent, _) = found(state, dialect, code, &values).unwrap();
            assert!(sent.contains(list), "{state} {dialect}: {sent}");
        }
        found(State::Ignored, dialect, Side::To, &values("1, 'n', 'x'")).unwrap_err();
    }
}

/// What names the column in a statement.
const NAMING: [&str; 9] = [
    "SELECT nickname FROM users",
    "SELECT u.nickname FROM users AS u JOIN posts ON posts.user_id = u.id",
    "SELECT id FROM users WHERE nickname = 'x' ORDER BY nickname",
    "SELECT p.id FROM posts AS p WHERE EXISTS (SELECT 1 FROM users WHERE users.nickname = p.t)",
    "INSERT INTO users (id, nickname) VALUES (1, 'x')",
    "UPDATE users SET nickname = 'x' WHERE id = 1",
    "UPDATE users SET email = nickname",
    "DELETE FROM users WHERE nickname IS NULL",
    "SELECT count(*) FROM (SELECT nickname FROM users) AS sub",
];

#[test]
fn a_statement_that_names_the_column_is_sent_as_it_is_and_reported() {
    for dialect in ALL {
        for sql in NAMING {
            for code in [Side::From, Side::To] {
                let (sent, reported) = found(State::Ignored, dialect, code, sql).unwrap();
                assert_eq!((sent.replace('"', ""), reported), (sql.to_owned(), true), "{dialect}");
                let (_, reported) = found(State::Pending, dialect, code, sql).unwrap();
                assert!(!reported, "nothing is to be reported yet: {sql}");
            }
        }
    }
}

/// On SQLite a name in double quotes that is no column is a string: `WHERE "nickname" = 'x'` would find
/// nothing, without an error.
#[test]
fn a_statement_that_names_the_column_is_refused_once_it_is_gone() {
    for dialect in ALL {
        for state in [State::Contracted, State::Purged] {
            for sql in NAMING {
                let quotes =
                    if dialect == Dialect::MariaDb { "`nickname`" } else { "\"nickname\"" };
                for sql in [sql.to_owned(), sql.replace("nickname", quotes)] {
                    let error = found(state, dialect, Side::To, &sql).unwrap_err();
                    assert!(matches!(error, RewriteError::Dropped { .. }), "{sql}: {error}");
                    let words = error.to_string();
                    assert!(words.starts_with("the column `nickname` of `users` has been dropped"));
                    assert!(!words.contains("'x'"), "{words}");
                }
            }
        }
    }
}

/// A name that another table may have is the database's to find.
#[test]
fn a_name_of_another_table_is_not_refused() {
    for dialect in ALL {
        for sql in [
            "SELECT nickname FROM posts",
            "SELECT nickname FROM users JOIN posts ON posts.user_id = users.id",
            "SELECT posts.nickname FROM users JOIN posts ON posts.user_id = users.id",
            "SELECT id FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE nickname = 'x')",
            "SELECT email AS nickname FROM users ORDER BY nickname",
            "SELECT nickname FROM (SELECT email AS nickname FROM users) AS sub",
            "INSERT INTO posts (nickname) SELECT email FROM users",
        ] {
            for state in [State::Contracted, State::Purged] {
                let (sent, reported) = found(state, dialect, Side::To, sql).unwrap();
                assert_eq!((sent.as_str(), reported), (sql, false), "{dialect}");
            }
        }
    }
}

/// Somebody may look at the values that are kept.
#[test]
fn the_column_that_is_kept_can_be_named() {
    let sql = "SELECT nickname_dropped FROM users";
    for dialect in ALL {
        let (sent, _) = found(State::Contracted, dialect, Side::To, sql).unwrap();
        assert_eq!(sent, sql);
    }
}
