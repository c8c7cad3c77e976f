//! The columns of a result: which they are, their names, and their order.

use super::*;

/// SQLite takes the name for a column, and `users` has one of the name now, unknown to the code.
#[test]
fn an_output_column_in_order_by_is_not_the_twin() {
    check(
        DUAL_WRITE,
        Dialect::Sqlite,
        "SELECT users.id, p.username FROM users, posts p ORDER BY username, 1",
        "SELECT users.id, p.username FROM users, posts p ORDER BY 2, 1",
    );
}

#[test]
fn stars_list_each_pair_once() {
    for (state, code, expect) in [
        (PENDING, Side::From, "\"id\", \"username\", \"email\""),
        (PENDING, Side::To, "\"id\", \"username\" AS \"handle\", \"email\""),
        (DUAL_WRITE, Side::From, "\"id\", \"username\", \"email\""),
        (DUAL_WRITE, Side::To, "\"id\", \"username\" AS \"handle\", \"email\""),
        (READ_TO, Side::From, "\"id\", \"handle\" AS \"username\", \"email\""),
        (READ_TO, Side::To, "\"id\", \"handle\", \"email\""),
        (WRITE_TO, Side::From, "\"id\", \"handle\" AS \"username\", \"email\""),
        (CONTRACTED, Side::From, "\"id\", \"email\", \"handle\" AS \"username\""),
        (CONTRACTED, Side::To, "\"id\", \"email\", \"handle\""),
    ] {
        let (found, _) = sent_by(code, state, Dialect::Postgres, "SELECT * FROM users").unwrap();
        assert_eq!(found, format!("SELECT {expect} FROM users"), "{state}");
    }
    check(
        DUAL_WRITE,
        Dialect::Sqlite,
        "SELECT * FROM posts p, users AS u, (SELECT 1 AS x) y",
        "SELECT p.*, u.`id`, u.`username` AS `handle`, u.`email`, y.* \
         FROM posts p, users AS u, (SELECT 1 AS x) y",
    );
    check(
        DUAL_WRITE,
        Dialect::Postgres,
        "SELECT posts.*, public.users.* FROM posts, public.users",
        "SELECT posts.*, public.users.\"id\", public.users.\"username\" AS \"handle\", \
         public.users.\"email\" FROM posts, public.users",
    );
}

#[test]
fn names_that_the_database_makes_up_stay() {
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT username::text, (username), CAST(username AS \"handle\"), lower(username), \
         (SELECT username FROM users LIMIT 1), CASE WHEN true THEN 1 ELSE username END FROM users",
        "SELECT \"handle\"::text AS \"username\", (\"handle\") AS \"username\", \
         CAST(\"handle\" AS \"handle\") AS \"username\", lower(\"handle\"), \
         (SELECT \"handle\" AS \"username\" FROM users LIMIT 1), \
         CASE WHEN true THEN 1 ELSE \"handle\" END AS \"username\" FROM users",
    );
    check(
        PENDING,
        Dialect::Sqlite,
        "SELECT max(\"username\"), count(*) FROM users",
        "SELECT max(`username`) AS `max(\"username\")`, count(*) FROM users",
    );
}

#[test]
fn output_names_come_first_where_the_standard_says_so() {
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT DISTINCT ON (username) username FROM users GROUP BY username ORDER BY username, lower(username)",
        "SELECT DISTINCT ON (username) \"handle\" AS \"username\" FROM users GROUP BY \"handle\" \
         ORDER BY username, lower(\"handle\")",
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT lower(email) AS handle FROM users ORDER BY username",
        "SELECT lower(email) AS handle FROM users ORDER BY users.\"handle\"",
    );
    check(
        READ_TO,
        Dialect::Postgres,
        "SELECT username FROM users UNION SELECT name FROM posts ORDER BY handle",
        "SELECT \"handle\" AS \"username\" FROM users UNION SELECT name FROM posts ORDER BY \"username\"",
    );
    check(
        CONTRACTED,
        Dialect::Postgres,
        "SELECT id FROM x WHERE n IN (SELECT users.username FROM users ORDER BY username LIMIT 1)",
        "SELECT id FROM x WHERE n IN (SELECT users.\"handle\" AS \"username\" FROM users ORDER BY username LIMIT 1)",
    );
}

#[test]
fn joins_by_name_see_the_codes_columns_only() {
    // The clause that locks rows stays outside: PostgreSQL locks the rows of the table in a plain
    // subquery.
    let shown = "(SELECT \"id\", \"username\" AS \"handle\", \"email\" FROM users) AS";
    for (alias, rest) in [
        ("", "users NATURAL JOIN posts FOR UPDATE OF users"),
        (" AS", "u NATURAL JOIN posts FOR UPDATE OF u SKIP LOCKED"),
        (" AS", "u JOIN posts USING (id) FOR UPDATE"),
    ] {
        let table = if alias.is_empty() { String::new() } else { format!("users{alias} ") };
        let sql = format!("SELECT * FROM {table}{rest}");
        check(DUAL_WRITE, Dialect::Postgres, &sql, &format!("SELECT * FROM {shown} {rest}"));
    }
    // Nothing is compared or listed by name, so the table itself stays.
    let sql = "SELECT email FROM users JOIN posts USING (id)";
    check(DUAL_WRITE, Dialect::Postgres, sql, sql);
}

/// SQLite looked for `handle` in the tables, found it in two, and not in the result.
#[test]
fn an_order_of_several_queries_is_by_a_number_where_the_name_is_a_tables_now() {
    let sql = "SELECT t.handle, id FROM (SELECT name AS handle FROM posts) AS t, users UNION SELECT email, id FROM users ORDER BY id, handle DESC";
    for (state, expect) in [
        (PENDING, sql.to_owned()),
        (DUAL_WRITE, sql.replace("id, handle DESC", "id, 1 DESC")),
        (CONTRACTED, sql.replace("id, handle DESC", "id, 1 DESC")),
    ] {
        let found = sent_by(Side::From, state, Dialect::Sqlite, sql).unwrap();
        assert_eq!(found, (expect, None), "{state}");
    }
    let found = sent_by(Side::From, DUAL_WRITE, Dialect::Postgres, sql).unwrap();
    assert_eq!(found, (sql.to_owned(), None));
}

/// A column may have a reserved word for its name, which needs no quotes behind a table's.
#[test]
fn a_unit_of_time_behind_a_table_is_a_column() {
    let rename = ColumnPair {
        table: "users".parse().unwrap(),
        from: Identifier::new("year_month").unwrap(),
        to: Identifier::new("month").unwrap(),
    };
    let physical = ["id", "year_month", "month"].map(str::to_owned);
    let mut mapping = Mapping::default();
    mapping.add(&rename, READ_TO, Side::From, None, &physical);
    let sql = "SELECT u.id FROM users u WHERE u.year_month = 'x'";
    let Ok(Rewrite::Edited { sql: found, .. }) = rewrite(sql, Dialect::MariaDb, &mapping) else {
        panic!("{sql}")
    };
    assert_eq!(found, sql.replace("year_month", "`month`"));
}

/// MariaDB said that `username` is there twice: it makes a table of the `INTERSECT`.
#[test]
fn what_mariadb_makes_a_table_of_keeps_its_names() {
    let sql = |column: &str| {
        format!(
            "SELECT a, b FROM posts UNION SELECT users.{column}, email AS username FROM users \
             INTERSECT SELECT a, b FROM tags"
        )
    };
    check(DUAL_WRITE, Dialect::MariaDb, &sql("handle"), &sql("`username` AS `handle`"));
}
