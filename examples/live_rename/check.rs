//! The independent check: every row in the database against every journal,
//! over a plain connection that knows nothing of the rename.

use std::collections::BTreeMap;
use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};

use crate::journal::{self, Owners, Row, Rows};
use crate::{Result, database};

/// What the rows of some workers are, though it was acknowledged otherwise. By id.
pub type Differences = BTreeMap<i32, String>;

/// Compares the rows of these workers, none of which may be at work.
pub async fn check(
    url: &str,
    journals: &Path,
    owners: Owners,
    workers: &[i32],
    state: &str,
) -> Result<Differences> {
    let mut expected = Rows::new();
    for worker in workers {
        expected.extend(journal::replay(&journal::path(journals, *worker))?);
    }
    // Until then each of them has to be there, under either name of the column.
    if state == "purged" {
        for row in expected.values_mut().flatten().flatten() {
            row.nickname = None;
        }
    }
    let db = database::connect(url).await?;
    let mut found = rows(&db, state).await?;
    db.close().await?;
    found.retain(|id, _| workers.contains(&owners.of(*id)));

    let mut differences = Differences::new();
    for (id, may_be) in expected {
        let row = found.remove(&id);
        match row {
            Some(Found { row, twin: Some(twin) }) if twin != row.name => {
                differences.insert(id, format!("row {id} is {row:?}, and {twin:?} in the twin"));
            }
            row => {
                let row = row.map(|found| found.row);
                if !may_be.contains(&row) {
                    differences.insert(id, format!("row {id} is {row:?}, must be {may_be:?}"));
                }
            }
        }
    }
    let unknown = found
        .into_iter()
        .map(|(id, found)| (id, format!("row {id} is {:?}, though nobody wrote that", found.row)));
    differences.extend(unknown);
    Ok(differences)
}

struct Found {
    row: Row,
    /// What the other column holds, in the state in which the two must agree.
    twin: Option<String>,
}

async fn rows(db: &DatabaseConnection, state: &str) -> Result<BTreeMap<i32, Found>, DbErr> {
    let columns = database::columns(db).await?;
    let both = columns.iter().any(|name| name == "username")
        && columns.iter().any(|name| name == "handle");
    let name = match state {
        _ if !both && columns.iter().any(|name| name == "handle") => "handle",
        _ if !both => "username",
        "pending" | "dual_write" => "username",
        _ => "handle",
    };
    let versions = columns.iter().any(|name| name == "version_bigint");
    let twin = match state {
        "read_to" if both => "username",
        "read_to" if versions => "CASE WHEN version = version_bigint THEN username ELSE '' END",
        _ => "NULL",
    };
    let integer = if db.get_database_backend() == DbBackend::MySql { "signed" } else { "integer" };
    let version = format!("CAST(version AS {integer}) AS version");
    let nickname = ["nickname", "nickname_dropped"]
        .into_iter()
        .find(|name| columns.iter().any(|column| column == name))
        .unwrap_or("NULL");
    let sql = format!(
        "SELECT id, {name} AS name, email, {version}, {nickname} AS nickname, {twin} AS twin FROM users"
    );
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, found(row)?))).collect()
}

fn found(row: &QueryResult) -> Result<Found, DbErr> {
    // A null here is a difference like any other.
    let name: Option<String> = row.try_get("", "name")?;
    let row_without_twin = Row {
        name: name.unwrap_or_else(|| "NULL".to_owned()),
        email: row.try_get("", "email")?,
        version: row.try_get("", "version")?,
        nickname: row.try_get("", "nickname")?,
    };
    Ok(Found { row: row_without_twin, twin: row.try_get("", "twin")? })
}
