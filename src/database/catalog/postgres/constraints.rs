//! Reads the checks, foreign keys and statistics of a table.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::json_list::list;
use crate::database::catalog::constraint::{Constraint, ConstraintRule, Statistics};
use crate::database::catalog::table::Dependent;
use crate::database::{get, rows};

/// The objects that cannot be carried over, in words, each with its column.
pub(super) type Dependents = Vec<(String, String)>;

/// Reads the checks and foreign keys of the table, and, as dependents of their columns, those with
/// a form of definition that is not known here.
pub(super) async fn read_constraints<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<(Vec<Constraint>, Vec<Dependent>), DbErr> {
    let sql = "SELECT con.conname, con.contype::text AS kind, con.convalidated, con.connoinherit, \
               pg_get_constraintdef(con.oid) AS definition, \
               pg_get_expr(con.conbin, con.conrelid) AS expression, \
               COALESCE(to_jsonb(con) ->> 'conenforced', 'true') = 'true' AS enforced, \
               obj_description(con.oid, 'pg_constraint') AS comment, \
               (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.position) \
               FROM unnest(con.conkey) WITH ORDINALITY AS k(number, position) \
               JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.number) AS quoted, \
               (SELECT coalesce(json_agg(a.attname ORDER BY k.position)::text, '[]') \
               FROM unnest(con.conkey) WITH ORDINALITY AS k(number, position) \
               JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.number) AS columns \
               FROM pg_constraint con \
               WHERE con.conrelid = $1::bigint::oid AND con.contype IN ('c', 'f') \
               ORDER BY con.conname";
    let (mut constraints, mut unknown) = (Vec::new(), Vec::new());
    for row in &rows(connection, sql, [oid.into()]).await? {
        let name: String = row.try_get("", "conname")?;
        let columns = list(row, "columns")?;
        let rule = match row.try_get::<String>("", "kind")?.as_str() {
            "c" => row
                .try_get::<Option<String>>("", "expression")?
                .map(|expression| ConstraintRule::Check { expression, of_column: None }),
            _ => foreign_key(row, &columns)?,
        };
        let Some(rule) = rule else {
            let words = format!("the foreign key `{name}` is of a kind that is not carried over");
            let dependent = |column| Dependent { column, words: words.clone(), fixes_type: true };
            unknown.extend(columns.into_iter().map(dependent));
            continue;
        };
        let check = matches!(rule, ConstraintRule::Check { .. });
        let mut suffix = String::new();
        if check && row.try_get("", "connoinherit")? {
            suffix.push_str(" NO INHERIT");
        }
        if !row.try_get::<bool>("", "enforced")? {
            suffix.push_str(" NOT ENFORCED");
        }
        constraints.push(Constraint {
            name,
            rule,
            suffix,
            valid: row.try_get("", "convalidated")?,
            comment: row.try_get("", "comment")?,
        });
    }
    Ok((constraints, unknown))
}

/// Splits `FOREIGN KEY (a, b) REFERENCES s.t(x, y) ON DELETE CASCADE` into its parts; returns
/// `None` if the text begins differently (`PERIOD`).
fn foreign_key(row: &QueryResult, columns: &[String]) -> Result<Option<ConstraintRule>, DbErr> {
    let definition: String = row.try_get("", "definition")?;
    let quoted: Option<String> = row.try_get("", "quoted")?;
    let begin = format!("FOREIGN KEY ({}) ", quoted.unwrap_or_default());
    let Some(references) = definition.strip_prefix(&begin) else { return Ok(None) };
    let mut references = references;
    for ending in [" NOT VALID", " NOT ENFORCED"] {
        references = references.strip_suffix(ending).unwrap_or(references);
    }
    Ok(Some(ConstraintRule::ForeignKey {
        columns: columns.to_vec(),
        references: references.to_owned(),
    }))
}

pub(super) async fn read_statistics<C: ConnectionTrait>(
    connection: &C,
    oid: i64,
) -> Result<Vec<Statistics>, DbErr> {
    // Statistics can have expressions from PostgreSQL 14 on.
    let version = "SELECT current_setting('server_version_num')::int >= 140000";
    let expressions = match get::<bool, _, _>(connection, version, []).await? {
        Some(true) => "to_json(pg_get_statisticsobjdef_expressions(s.oid))::text",
        _ => "NULL::text",
    };
    let sql = format!(
        "SELECT n.nspname, s.stxname, \
               coalesce((to_jsonb(s) ->> 'stxstattarget')::int, -1) AS target, \
               obj_description(s.oid, 'pg_statistic_ext') AS comment, \
               (SELECT coalesce(json_agg(a.attname ORDER BY k.position)::text, '[]') \
               FROM unnest(s.stxkeys::smallint[]) WITH ORDINALITY AS k(number, position) \
               JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.number) AS columns, \
               (SELECT coalesce(json_agg(CASE kind WHEN 'd' THEN 'ndistinct' \
               WHEN 'f' THEN 'dependencies' ELSE 'mcv' END ORDER BY kind)::text, '[]') \
               FROM unnest(s.stxkind) AS kind WHERE kind <> 'e') AS kinds, \
               coalesce({expressions}, '[]') AS expressions \
               FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace \
               WHERE s.stxrelid = $1::bigint::oid ORDER BY 1, 2"
    );
    let found = rows(connection, &sql, [oid.into()]).await?;
    let statistics = |row: &QueryResult| {
        Ok(Statistics {
            schema: row.try_get("", "nspname")?,
            name: row.try_get("", "stxname")?,
            kinds: list(row, "kinds")?,
            columns: list(row, "columns")?,
            expressions: list(row, "expressions")?,
            target: row.try_get("", "target")?,
            comment: row.try_get("", "comment")?,
        })
    };
    found.iter().map(statistics).collect()
}
