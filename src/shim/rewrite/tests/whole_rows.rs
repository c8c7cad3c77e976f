//! Whole rows, and queries whose rows are kept.

use super::*;

#[test]
fn a_row_is_one_of_the_codes_columns() {
    let row = |name: &str, there: &str| {
        format!(
            "(SELECT {name} FROM (SELECT {name}.\"id\", {name}.\"username\" AS \"handle\", \
             {name}.\"email\"{there}) AS {name})"
        )
    };
    let there = " WHERE u.ctid IS NOT NULL";
    for (sql, expect) in [
        (
            "SELECT row_to_json(users), users FROM users",
            format!("SELECT row_to_json({0}), {0} FROM users", row("users", "")),
        ),
        (
            "SELECT count(u.*) FROM posts p LEFT JOIN users u ON true",
            format!("SELECT count({}) FROM posts p LEFT JOIN users u ON true", row("u", there)),
        ),
        (
            "DELETE FROM users u RETURNING u::text",
            format!("DELETE FROM users u RETURNING {}::text", row("u", "")),
        ),
        // The database finds out whether `u` is a column of `posts`.
        (
            "SELECT u, (u).handle, (u).username FROM posts p LEFT JOIN users u ON u.handle = p.name",
            "SELECT u, (u).handle, (u).\"handle\" AS \"username\" FROM posts p LEFT JOIN (SELECT \"id\", \
             \"username\" AS \"handle\", \"email\" FROM users) u ON u.handle = p.name"
                .to_owned(),
        ),
        (
            "SELECT (u).handle FROM users u",
            "SELECT (u).\"username\" AS \"handle\" FROM users u".to_owned(),
        ),
    ] {
        check(DUAL_WRITE, Dialect::Postgres, sql, &expect);
    }
}

#[test]
fn rows_are_kept_under_the_codes_names() {
    let list = "\"id\", \"username\" AS \"handle\", \"email\"";
    for (sql, expect) in [
        ("COPY users TO STDOUT", format!("COPY (SELECT {list} FROM users) TO STDOUT")),
        (
            "COPY (SELECT * FROM users) TO STDOUT (FORMAT csv, HEADER)",
            format!("COPY (SELECT {list} FROM users) TO STDOUT (FORMAT csv, HEADER)"),
        ),
        (
            "DECLARE c CURSOR FOR SELECT * FROM users",
            format!("DECLARE c CURSOR FOR SELECT {list} FROM users"),
        ),
        (
            "CREATE TABLE x AS SELECT * FROM users",
            format!("CREATE TABLE x AS SELECT {list} FROM users"),
        ),
        (
            "SELECT handle INTO x FROM users",
            "SELECT \"username\" AS \"handle\" INTO x FROM users".to_owned(),
        ),
        ("TABLE users LIMIT 1", format!("SELECT {list} FROM users LIMIT 1")),
        (
            "INSERT INTO x.\"posts\" TABLE users",
            format!("INSERT INTO x.\"posts\" SELECT {list} FROM users"),
        ),
    ] {
        check(DUAL_WRITE, Dialect::Postgres, sql, &expect);
    }
    // Nothing to edit, so nothing is.
    check(
        CONTRACTED,
        Dialect::Postgres,
        "TABLE posts; SELECT 1 FROM users",
        "TABLE posts; SELECT 1 FROM users",
    );
}

/// In a list the columns stand one by one, and what they are called is not seen.
#[test]
fn a_row_in_a_list_is_its_columns() {
    for (sql, expect) in [
        (
            "SELECT ROW(users.*, 1), row(u.*) FROM public.users, users u",
            "SELECT ROW(users.\"id\", users.\"username\", users.\"email\", 1), \
             row(u.\"id\", u.\"username\", u.\"email\") FROM public.users, users u",
        ),
        (
            "SELECT id FROM users u WHERE (1, u . *, u.handle) = ROW(1, 2, 'a', 'b', 'a')",
            "SELECT id FROM users u WHERE (1, u.\"id\", u.\"username\", u.\"email\", u.\"username\") \
             = ROW(1, 2, 'a', 'b', 'a')",
        ),
        (
            "SELECT ROW(u.*, p.*) FROM users AS u(a, b) NATURAL JOIN posts p",
            "SELECT ROW(u.*, p.*) FROM (SELECT \"id\", \"username\" AS \"handle\", \"email\" FROM users) \
             AS u(a, b) NATURAL JOIN posts p",
        ),
    ] {
        check(DUAL_WRITE, Dialect::Postgres, sql, expect);
    }
}
