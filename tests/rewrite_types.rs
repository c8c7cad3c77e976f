//! A parameter that is written to two columns has the type that it has with one.

use handover::model::{ColumnPair, Identifier, Side, State};
use handover::shim::mapping::Mapping;
use handover::shim::rewrite::{Rewrite, rewrite};

use crate::support::text_protocol::{Answer, Connected, Server};

/// Names, types, and two values of each.
const COLUMNS: &[(&str, &str, [&str; 2])] = &[
    ("mood", "mood", ["'calm'", "'glad'"]),
    ("tags", "text[]", ["'{a,b}'", "'{}'"]),
    ("moods", "mood[]", ["'{calm}'", "'{glad,calm}'"]),
    ("data", "json", ["'{\"a\": 1}'", "'[]'"]),
    ("datab", "jsonb", ["'{\"a\": 1}'", "'[]'"]),
    ("price", "numeric(8,2)", ["1.239", "'7'"]),
    ("code", "varchar(5)", ["'abc'", "'äöüßé'"]),
    ("tight", "char(3)", ["'a'", "'abc'"]),
    ("key", "uuid", ["'9b2f4cf0-0000-4000-8000-00000000000a'", "NULL"]),
    ("at", "timestamptz", ["'2020-01-01 00:00+02'", "'2021-05-05'"]),
    ("day", "date", ["'2020-02-29'", "'infinity'"]),
    ("span", "interval", ["'1 day'", "'1:00'"]),
    ("big", "bigint", ["1", "'9223372036854775807'"]),
    ("small", "smallint", ["1", "'2'"]),
    ("real", "real", ["1.1", "'NaN'"]),
    ("bytes", "bytea", ["'\\x00ff'", "'a'"]),
    ("flag", "boolean", ["true", "'no'"]),
    ("own", "email", ["'a@x'", "'b@x'"]),
    ("during", "int4range", ["'[1,3)'", "'empty'"]),
    ("addr", "inet", ["'10.0.0.1'", "'::1/64'"]),
];

/// `{c}` is a column of some type; `$1` and `$2` are values for it.
const FORMS: &[&str] = &[
    "INSERT INTO things (id, {c}) VALUES (5, $1), (6, $2)",
    "INSERT INTO things ({c}, id) VALUES ($1, 5), (DEFAULT, 6), ($2, 7) RETURNING {c}",
    "INSERT INTO things (id, {c}) SELECT 5, $1",
    "INSERT INTO things (id, {c}) SELECT 5, $1 UNION ALL SELECT 6, {c} FROM things WHERE id = 1",
    "INSERT INTO things (id, {c}) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c}",
    "INSERT INTO things (id, {c}) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET {c} = $2",
    "INSERT INTO things (id, {c}) VALUES (1, NULL) ON CONFLICT (id) DO UPDATE SET {c} = coalesce(excluded.{c}, $1) RETURNING {c}",
    "UPDATE things SET {c} = $1 WHERE id = 1",
    "UPDATE things SET {c} = coalesce($1, {c}), note = $2",
    "UPDATE things SET (note, {c}) = ($1, $2) WHERE id = 1",
    "UPDATE things SET (note, {c}) = (SELECT 'x', $1)",
    "UPDATE things SET {c} = CASE WHEN id = 1 THEN $1 ELSE $2 END",
    "UPDATE things SET {c} = CASE WHEN id = 1 THEN $1 ELSE {c} END",
    // Computed once, since it may differ each time.
    "UPDATE things SET {c} = CASE WHEN random() < 2 THEN $1 ELSE {c} END",
    "INSERT INTO things (id, {c}) VALUES (5, CASE WHEN random() < 2 THEN $1 ELSE $2 END)",
    "INSERT INTO things (id, {c}) SELECT 5, CASE WHEN random() < 2 THEN {c} ELSE $1 END FROM things WHERE id = 1",
    "INSERT INTO things (id, {c}) SELECT 5, $1 GROUP BY 1 ORDER BY 1",
    "INSERT INTO things (id, {c}) VALUES (5, (SELECT {c} FROM things WHERE {c} IS NOT DISTINCT FROM $1 LIMIT 1))",
    "UPDATE things SET {c} = (SELECT {c} FROM things WHERE {c} = $1 LIMIT 1)",
    "MERGE INTO things t USING (VALUES (1), (8)) AS s(n) ON t.id = s.n WHEN MATCHED THEN UPDATE SET {c} = $1 WHEN NOT MATCHED THEN INSERT (id, {c}) VALUES (s.n, $2)",
    "DELETE FROM things WHERE {c} = $1 OR {c} IN ($1, $2)",
    "SELECT id, {c} FROM things WHERE {c} = ANY(ARRAY[$1, $2]) ORDER BY 1",
    "SELECT {c}, note FROM things WHERE $1 = {c}",
    "INSERT INTO things (id, {c}) VALUES (5, 'literal')",
    "UPDATE things SET {c} = NULL RETURNING {c}",
];

async fn things(columns: &[(String, &str)]) -> Connected {
    let mut db = Server::Postgres.connect().await;
    db.sql("CREATE TYPE mood AS ENUM ('sad', 'calm', 'glad')").await;
    db.sql("CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')").await;
    let columns: Vec<String> = columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
    let columns = columns.join(", ");
    db.sql(&format!("CREATE TABLE things (id int PRIMARY KEY, note text, {columns})")).await;
    db.sql("INSERT INTO things (id) VALUES (1), (2)").await;
    db
}

/// The types that the server finds for the parameters, and what the statement does.
async fn run(
    db: &mut Connected,
    sql: &str,
    values: &[&str; 2],
    columns: &str,
) -> Result<(Answer, Answer, Answer), String> {
    let code = |(code, _): (String, String)| code;
    db.sql("DEALLOCATE ALL; BEGIN").await;
    let prepared = db.send(&format!("PREPARE p AS {sql}")).await.map_err(code);
    let done = if let Err(code) = prepared {
        Err(code)
    } else {
        let types = "SELECT unnest(parameter_types)::text FROM pg_prepared_statements";
        let types = db.sql(types).await;
        let values = values[..types.rows.len()].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        match db.send(&format!("EXECUTE p{values}")).await {
            Err(error) => Err(code(error)),
            Ok(answer) => {
                let table = format!("SELECT id, note, {columns} FROM things ORDER BY id");
                Ok((types, answer, db.sql(&table).await))
            }
        }
    };
    db.sql("ROLLBACK").await;
    done
}

/// All the columns are renamed at once.
#[tokio::test]
async fn parameters_keep_their_types() {
    let from = |name: &str| format!("{name}_from");
    let to = |name: &str| format!("{name}_to");
    let plain: Vec<_> = COLUMNS.iter().map(|(name, ty, _)| (to(name), *ty)).collect();
    let mut reference = things(&plain).await;
    let mut failed = 0;
    for state in [State::DualWrite, State::ReadTo, State::Contracted] {
        let mut columns = Vec::new();
        for (name, ty, _) in COLUMNS {
            columns.extend(state.columns().from.then(|| (from(name), *ty)));
            columns.push((to(name), *ty));
        }
        let mut db = things(&columns).await;
        let physical: Vec<String> = ["id", "note"]
            .into_iter()
            .map(str::to_owned)
            .chain(columns.iter().map(|(name, _)| name.clone()))
            .collect();
        let mut mapping = Mapping::default();
        for (name, ..) in COLUMNS {
            let rename = ColumnPair {
                table: "things".parse().unwrap(),
                from: Identifier::new(from(name)).unwrap(),
                to: Identifier::new(to(name)).unwrap(),
            };
            mapping.add(&rename, state, Side::To, Some("public"), &physical);
        }
        for (name, _, values) in COLUMNS {
            for form in FORMS {
                let sql = form.replace("{c}", &to(name));
                let expected = run(&mut reference, &sql, values, &to(name)).await;
                failed += usize::from(expected.is_err());
                let new = match rewrite(&sql, Server::Postgres.dialect(), &mapping).unwrap() {
                    Rewrite::Untouched => sql.clone(),
                    Rewrite::Edited { sql, .. } => sql,
                };
                let written = state.writes();
                let sides = [(written.from, from(name)), (written.to, to(name))];
                for (_, side) in sides.into_iter().filter(|(written, _)| *written) {
                    let mut found = run(&mut db, &new, values, &side).await;
                    if let (Ok((_, _, found)), Ok((_, _, expected))) = (&mut found, &expected) {
                        found.names.clone_from(&expected.names);
                    }
                    assert_eq!(found, expected, "{state}: {sql}\n  {new}");
                }
            }
        }
    }
    // Forms that some types do not have, such as a comparison of json.
    let runs = 3 * COLUMNS.len() * FORMS.len();
    assert!(failed * 2 < runs, "{failed} of {runs} fail without a rename");
}
