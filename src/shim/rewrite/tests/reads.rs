//! Reads, in each state.

use super::*;

/// Checks a read on both databases in all states. In `expect`, `§` is the column that is read, in
/// the dialect's quotes; `[x]` is `x` in the dialect's quotes; `<a>` is `a` only where `username`
/// is not the physical name.
fn reads(sql: &str, expect: &str) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let mark = if dialect == Dialect::Sqlite { "`" } else { "\"" };
        for state in State::OF_A_RENAME {
            let read = if state.reads() == Side::From { "username" } else { "handle" };
            let mut text = String::new();
            let mut skip = false;
            for c in expect.chars() {
                match c {
                    '<' => skip = read == "username",
                    '>' => skip = false,
                    _ if skip => {}
                    '§' => text.extend([mark, read, mark]),
                    '[' | ']' => text += mark,
                    c => text.push(c),
                }
            }
            // On PostgreSQL a name that is right is left as it is.
            let sql = sql.replace(['[', ']'], "\"");
            check(state, dialect, &sql, &text);
        }
    }
}

#[test]
fn a_projected_column_keeps_its_name() {
    reads(
        "SELECT [users].[id], [users].[username] FROM \"users\" WHERE [users].[username] = $1",
        "SELECT \"users\".\"id\", \"users\".§< AS [username]> FROM \"users\" WHERE \"users\".§ = $1",
    );
    reads(
        "SELECT [u].[username] AS \"n\" FROM users u ORDER BY [u].[username]",
        "SELECT \"u\".§ AS \"n\" FROM users u ORDER BY \"u\".§",
    );
}

/// The other table may have a column of the physical name, which is hidden from this text.
#[test]
fn a_bare_name_among_several_tables_is_qualified_when_it_changes() {
    for (sql, expect) in [
        (
            "SELECT u.id, handle FROM users u JOIN posts p ON handle = p.title",
            "SELECT u.id, u.`username` AS `handle` FROM users u JOIN posts p ON u.`username` = p.title",
        ),
        (
            "SELECT p.id FROM posts p JOIN tags t ON handle = t.n, users",
            "SELECT p.id FROM posts p JOIN tags t ON users.`username` = t.n, users",
        ),
        (
            "SELECT p.id FROM posts p JOIN tags t ON handle = t.n JOIN users u",
            "SELECT p.id FROM posts p JOIN tags t ON u.`username` = t.n JOIN users u",
        ),
        (
            "UPDATE users SET email = handle FROM posts WHERE title = handle",
            "UPDATE users SET email = users.`username` FROM posts WHERE title = users.`username`",
        ),
        (
            "SELECT (SELECT handle FROM (SELECT 1 AS n) AS x) AS y FROM users",
            "SELECT (SELECT users.`username` FROM (SELECT 1 AS n) AS x) AS y FROM users",
        ),
    ] {
        check(DUAL_WRITE, Dialect::Sqlite, sql, expect);
    }
}

#[test]
fn joins_and_subqueries_resolve_by_scope() {
    reads(
        "SELECT \"users\".\"id\" AS \"A_id\", [users].[username] AS \"A_username\" FROM \"users\" \
         LEFT JOIN \"posts\" AS \"r0\" ON [users].[username] = \"r0\".\"username\"",
        "SELECT \"users\".\"id\" AS \"A_id\", \"users\".§ AS \"A_username\" FROM \"users\" \
         LEFT JOIN \"posts\" AS \"r0\" ON \"users\".§ = \"r0\".\"username\"",
    );
    reads(
        "SELECT id FROM posts WHERE EXISTS (SELECT * FROM users WHERE [users].[username] = posts.username)",
        "SELECT id FROM posts WHERE EXISTS (SELECT * FROM users WHERE \"users\".§ = posts.username)",
    );
    reads(
        "SELECT id FROM users u WHERE id IN (SELECT p.id FROM posts p WHERE p.username = [u].[username])",
        "SELECT id FROM users u WHERE id IN (SELECT p.id FROM posts p WHERE p.username = \"u\".§)",
    );
    reads(
        "SELECT COUNT(*) AS num_items FROM (SELECT \"users\".\"id\", [users].[username] FROM \"users\") AS \"sub_query\"",
        "SELECT COUNT(*) AS num_items FROM (SELECT \"users\".\"id\", \"users\".§< AS [username]> FROM \"users\") AS \"sub_query\"",
    );
}

#[test]
fn a_derived_table_is_known_by_either_name() {
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT x.handle, x.username FROM (SELECT id, username FROM users) x WHERE x.handle = $1",
        "SELECT x.\"username\" AS \"handle\", x.username FROM \
         (SELECT id, \"handle\" AS \"username\" FROM users) x WHERE x.\"username\" = $1",
    );
    check(
        PENDING,
        Dialect::Postgres,
        "WITH x AS (SELECT handle, username FROM users) SELECT handle, username FROM x",
        "WITH x AS (SELECT \"username\" AS \"handle\", username FROM users) SELECT handle, username FROM x",
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "WITH RECURSIVE t AS (SELECT id, username FROM users UNION ALL SELECT u.id, u.username FROM \
         users u JOIN t ON t.handle = u.username) SELECT t.username FROM t",
        "WITH RECURSIVE t AS (SELECT id, \"handle\" AS \"username\" FROM users UNION ALL SELECT u.id, \
         u.\"handle\" FROM users u JOIN t ON t.\"username\" = u.\"handle\") SELECT t.username FROM t",
    );
}

#[test]
fn every_kind_of_expression_is_walked() {
    for expr in [
        "§ IS NULL",
        "§ IS NOT TRUE",
        "§ IS DISTINCT FROM §",
        "NOT §",
        "- §",
        "§ BETWEEN § AND §",
        "§ LIKE § ESCAPE '!'",
        "§ ILIKE §",
        "§ SIMILAR TO §",
        "§ ~ §",
        "§ IN (§, 1)",
        "§ = ANY(§)",
        "§ = ALL(ARRAY[§])",
        "(§, 1) = (§, 2)",
        "CASE § WHEN § THEN § ELSE § END",
        "§::text",
        "CAST(§ AS varchar(3))",
        "extract(year FROM §)",
        "§ AT TIME ZONE §",
        "position(§ IN §)",
        "substring(§ FROM § FOR §)",
        "trim(BOTH § FROM §)",
        "overlay(§ PLACING § FROM § FOR §)",
        "§ COLLATE \"C\"",
        "f(§, DISTINCT => §)",
        "count(DISTINCT §)",
        "array_agg(§ ORDER BY § DESC)",
        "max(§) FILTER (WHERE § > 1)",
        "sum(§) OVER (PARTITION BY § ORDER BY §)",
        "percentile_cont(§) WITHIN GROUP (ORDER BY §)",
        "§[1]",
        "§[§:§]",
        "§ -> § ->> 'x'",
        "§ @> §",
        "(§).field",
        "EXISTS (SELECT §)",
        "§ IN (SELECT §)",
        "ARRAY(SELECT §)",
        "(SELECT §)",
        "interval '1 day' * §",
        "§ IS JSON",
        "§ IS NORMALIZED",
        "floor(§)",
        "ceil(§)",
        "ROW(§, §)",
        "GROUPING(§)",
        "coalesce(§, nullif(§, §))",
        "§ OVERLAPS §",
        "§ ^@ §",
    ] {
        let written = expr.replace('§', "u.username");
        let expect = written.replace("u.username", "u.\"handle\"");
        let sql = format!("SELECT 1 FROM users u WHERE {written}");
        match sent(READ_TO, Dialect::Postgres, &sql) {
            Ok((found, _)) => {
                assert_eq!(found, format!("SELECT 1 FROM users u WHERE {expect}"));
            }
            Err(error) => panic!("{expr}: {error}"),
        }
    }
}

#[test]
fn sqlites_hint_that_names_no_index_stays() {
    check(
        READ_TO,
        Dialect::Sqlite,
        "SELECT u.username FROM users AS u NOT INDEXED WHERE u.username ISNULL",
        "SELECT u.`handle` AS `username` FROM users AS u NOT INDEXED WHERE u.`handle` ISNULL",
    );
    check(
        DUAL_WRITE,
        Dialect::Sqlite,
        "UPDATE users NOT INDEXED SET handle = 'x' WHERE NOT indexed",
        "UPDATE users NOT INDEXED SET `handle` = 'x', `username` = 'x' WHERE NOT indexed",
    );
    // A subquery takes none.
    check(
        DUAL_WRITE,
        Dialect::Sqlite,
        "SELECT email FROM users NOT INDEXED NATURAL JOIN posts",
        "SELECT email FROM (SELECT `id`, `username` AS `handle`, `email` FROM users) AS users   \
         NATURAL JOIN posts",
    );
}

/// The index that is named may be that of the other one of the two columns.
#[test]
fn sqlites_hint_of_an_index_is_left_out_behind_a_mapped_table() {
    for (sql, expect) in [
        (
            "SELECT handle FROM users INDEXED BY username WHERE handle = 'x'",
            "SELECT `handle` FROM users    WHERE `handle` = 'x'",
        ),
        (
            "SELECT 1 FROM users AS u indexed /* why */ by \"i\" JOIN posts INDEXED BY i ON title = u.handle",
            "SELECT 1 FROM users AS u  /* why */   JOIN posts INDEXED BY i ON title = u.`handle`",
        ),
        (
            "DELETE FROM users INDEXED BY i WHERE handle = 'x'",
            "DELETE FROM users    WHERE `handle` = 'x'",
        ),
        ("UPDATE users INDEXED BY i SET email = handle", "UPDATE users    SET email = `handle`"),
        (
            "SELECT username AS indexed FROM users ORDER BY indexed",
            "SELECT `handle` AS indexed FROM users ORDER BY indexed",
        ),
    ] {
        check(READ_TO, Dialect::Sqlite, sql, expect);
    }
}

#[test]
fn sqlites_negated_operators() {
    for operator in ["GLOB", "MATCH", "REGEXP", "LIKE"] {
        check(
            READ_TO,
            Dialect::Sqlite,
            &format!(
                "SELECT id FROM users WHERE username NOT {operator} email AND NOT username {operator} ?"
            ),
            &format!(
                "SELECT id FROM users WHERE `handle` NOT {operator} email AND NOT `handle` {operator} ?"
            ),
        );
    }
}

#[test]
fn a_join_with_a_name_of_its_own_shows_the_codes_columns() {
    let users = "(SELECT \"id\", \"username\" AS \"handle\", \"email\" FROM users) AS";
    for (sql, expect) in [
        (
            "SELECT t.handle, username FROM (users u JOIN posts ON u.username = title) AS t",
            str::to_owned(
                "SELECT t.handle, \"handle\" AS \"username\" FROM ((SELECT \"id\", \"username\" AS \
                 \"handle\", \"email\" FROM users) u JOIN posts ON u.\"handle\" = title) AS t",
            ),
        ),
        (
            "SELECT n FROM (users LEFT JOIN posts USING (id)) AS t(i, n) WHERE n = $1",
            format!(
                "SELECT n FROM ({users} users LEFT JOIN posts USING (id)) AS t(i, n) WHERE n = $1"
            ),
        ),
        (
            "SELECT * FROM ((users JOIN posts ON true) AS a JOIN tags ON a.handle = tags.name) AS b",
            format!(
                "SELECT * FROM (({users} users JOIN posts ON true) AS a JOIN tags ON a.handle = tags.name) AS b"
            ),
        ),
    ] {
        check(DUAL_WRITE, Dialect::Postgres, sql, &expect);
    }
    // Its tables have no names outside.
    let sql = "SELECT users.handle FROM (users JOIN posts ON true) AS t";
    let found = sent(DUAL_WRITE, Dialect::Postgres, sql);
    assert!(matches!(found, Err(RewriteError::Unsupported { .. })), "{found:?}");
}
