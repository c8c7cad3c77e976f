//! Assignments to a part of an array.

use super::*;

#[test]
fn parts_of_arrays() {
    for (state, sql, expect) in [
        (
            READ_TO,
            "UPDATE users SET email[1] = username, username = 'x', email[2:$1][ 3 ] = email[n]",
            "UPDATE users SET email[1] = \"handle\", \"username\" = 'x', \"handle\" = 'x', email[2:$1][ 3 ] = email[n]",
        ),
        (
            READ_TO,
            "INSERT INTO public.users AS u (username, email[1]/* first */[ 2 ]) VALUES ('x', $1) \
             ON CONFLICT (id) DO UPDATE SET (id, email[-1]) = (1, excluded.email[1])",
            "INSERT INTO public.users AS u (\"username\", \"handle\", email[1]/* first */[ 2 ]) VALUES ('x', 'x', $1) \
             ON CONFLICT (id) DO UPDATE SET (id, email[-1]) = (1, excluded.email[1])",
        ),
        (
            WRITE_TO,
            "UPDATE users SET username['a'] = 'x', username[2] = username[1]",
            "UPDATE users SET \"handle\"['a'] = 'x', \"handle\"[2] = \"handle\"[1]",
        ),
        (
            WRITE_TO,
            "INSERT INTO users (username[1], username[2]) VALUES (1, 2)",
            "INSERT INTO users (\"handle\"[1], \"handle\"[2]) VALUES (1, 2)",
        ),
        (
            WRITE_TO,
            "UPDATE users SET (username[1], email) = (1, 2)",
            "UPDATE users SET (\"handle\"[1], email) = (1, 2)",
        ),
        (
            WRITE_TO,
            "MERGE INTO users USING posts ON true WHEN MATCHED THEN UPDATE SET username[1] = 1 \
             WHEN NOT MATCHED THEN INSERT (username[1]) VALUES (1)",
            "MERGE INTO users USING posts ON true WHEN MATCHED THEN UPDATE SET \"handle\"[1] = 1 \
             WHEN NOT MATCHED THEN INSERT (\"handle\"[1]) VALUES (1)",
        ),
        // No list of columns, though it is in parentheses behind `INTO` and names.
        (
            READ_TO,
            "MERGE INTO users USING (SELECT username[1], id FROM users) AS s ON true WHEN MATCHED THEN DELETE",
            "MERGE INTO users USING (SELECT \"handle\"[1] AS \"username\", id FROM users) AS s ON true WHEN MATCHED THEN DELETE",
        ),
        (
            READ_TO,
            "INSERT INTO posts WITH x AS (SELECT username[1], id FROM users) SELECT * FROM x",
            "INSERT INTO posts WITH x AS (SELECT \"handle\"[1] AS \"username\", id FROM users) SELECT * FROM x",
        ),
    ] {
        check(state, Dialect::Postgres, sql, expect);
    }
    for sql in [
        "UPDATE users SET username[1] = 'x'",
        "UPDATE users SET (username[1], email) = ('x', 'y')",
        "UPDATE users SET (email[1], username) = ('x', 'y')",
        "INSERT INTO users (username[1]) VALUES ('x')",
        "UPDATE users SET email[id] = 'x'",
    ] {
        let refused = sent(READ_TO, Dialect::Postgres, sql);
        assert!(
            matches!(refused, Err(RewriteError::Unsupported { .. } | RewriteError::Parse { .. })),
            "{sql}: {refused:?}"
        );
    }
}
