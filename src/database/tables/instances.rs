//! `handover_instances`: the app processes, with their leases.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr, Value};

use super::upgrade::has_column;
use super::upsert::overwrite;
use super::{now_ms, unreadable};
use crate::database::{Dialect, execute, table};
use crate::model::{AppName, ChangeName, Instance};

pub(super) const TABLE: &str = "handover_instances";

/// The columns that are read into [`Stored`].
pub(super) fn columns(dialect: Dialect) -> String {
    let now = now_ms(dialect);
    format!(
        "id, host, pid, \"release\", acknowledged, registered_at, expires_at - {now}, (SELECT followed \
         FROM handover_instances AS own WHERE own.id = handover_instances.id)"
    )
}

/// The table to read [`columns`] from. The tables of earlier releases have no column `followed`: there the
/// name means the column of this query, which is NULL.
pub(super) const READ: &str = "(SELECT NULL AS followed) AS absent CROSS JOIN handover_instances";

pub(super) type Stored = (String, String, i64, String, i64, i64, i64, Option<String>);

/// Reads every registered instance, including those whose lease has expired, in the order in which
/// they registered.
///
/// # Errors
/// The tables are missing, or a stored release is not valid.
pub async fn instances<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
) -> Result<Vec<Instance>, DbErr> {
    read(table(connection, dialect, &columns(dialect), READ).await?)
}

pub(super) fn read(mut stored: Vec<Stored>) -> Result<Vec<Instance>, DbErr> {
    stored.sort_by(|a, b| (a.5, &a.0).cmp(&(b.5, &b.0)));
    let row = |(id, host, pid, release, acknowledged, _, left, followed): Stored| {
        Ok(Instance {
            app: app_in(&id)?,
            id,
            host,
            pid: u32::try_from(pid).unwrap_or_default(),
            release: release.parse().map_err(|error| unreadable(TABLE, error))?,
            acknowledged: acknowledged.cast_unsigned(),
            live: left > 0,
            followed: read_followed(followed.as_deref())?,
        })
    };
    stored.into_iter().map(row).collect()
}

/// The app in the id of an instance: `3f…/reports` → `reports`.
pub(super) fn app_in(id: &str) -> Result<Option<AppName>, DbErr> {
    let app = id.split_once('/').map(|(_, app)| app.parse()).transpose();
    app.map_err(|error| unreadable(TABLE, error))
}

/// Reads the names that [`record_followed`] wrote, with a space between them.
fn read_followed(stored: Option<&str>) -> Result<Vec<ChangeName>, DbErr> {
    let names = stored.unwrap_or_default().split_whitespace().map(str::parse);
    names.collect::<Result<_, _>>().map_err(|error| unreadable(TABLE, error))
}

/// Records the changes of other apps that the code of an instance has followed. Returns false if the tables of
/// an earlier version have no column for them yet.
///
/// # Errors
/// The database reports an error.
pub async fn record_followed<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    id: &str,
    followed: &[ChangeName],
) -> Result<bool, DbErr> {
    if !has_column(connection, dialect, TABLE, "followed").await? {
        return Ok(false);
    }
    let names: Vec<&str> = followed.iter().map(ChangeName::as_str).collect();
    let sql = "UPDATE handover_instances SET followed = $2 WHERE id = $1";
    execute(connection, sql, [id.into(), names.join(" ").into()]).await?;
    Ok(true)
}

/// Registers an instance that has loaded the mapping of epoch `row.acknowledged`, or renews a
/// registration that has expired. Call it in a transaction that holds
/// [`lock_epoch`](super::lock_epoch), so that the epoch is still the current one.
///
/// # Errors
/// The database reports an error.
pub async fn register<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    row: &Instance,
    lease: Duration,
) -> Result<(), DbErr> {
    let now = now_ms(dialect);
    let sql = format!(
        "INSERT INTO handover_instances \
         (id, host, pid, \"release\", acknowledged, registered_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, {now}, {now} + $6) {}",
        overwrite(dialect, "id", &["acknowledged", "expires_at"], None)
    );
    let values: [Value; 6] = [
        row.id.as_str().into(),
        row.host.as_str().into(),
        i64::from(row.pid).into(),
        row.release.to_string().into(),
        row.acknowledged.cast_signed().into(),
        milliseconds(lease).into(),
    ];
    execute(transaction, &sql, values).await?;
    Ok(())
}

/// Renews a lease that has not expired. Returns false if it has expired, or if the instance is not
/// registered.
///
/// # Errors
/// The database reports an error.
pub async fn renew<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    id: &str,
    lease: Duration,
) -> Result<bool, DbErr> {
    let now = now_ms(dialect);
    let sql = format!(
        "UPDATE handover_instances SET expires_at = {now} + $2 WHERE id = $1 AND expires_at > {now}"
    );
    let renewed = execute(connection, &sql, [id.into(), milliseconds(lease).into()]).await?;
    Ok(renewed > 0)
}

/// Records that an instance uses nothing from before `epoch` any more.
///
/// # Errors
/// The database reports an error.
pub async fn acknowledge<C: ConnectionTrait>(
    connection: &C,
    id: &str,
    epoch: u64,
) -> Result<(), DbErr> {
    let sql = "UPDATE handover_instances SET acknowledged = $2 WHERE id = $1 AND acknowledged < $2";
    execute(connection, sql, [id.into(), epoch.cast_signed().into()]).await?;
    Ok(())
}

/// Removes an instance that shuts down.
///
/// # Errors
/// The database reports an error.
pub async fn leave<C: ConnectionTrait>(connection: &C, id: &str) -> Result<(), DbErr> {
    execute(connection, "DELETE FROM handover_instances WHERE id = $1", [id.into()]).await?;
    Ok(())
}

/// Removes the instances whose lease expired more than `age` ago.
///
/// # Errors
/// The database reports an error.
pub async fn remove_expired<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    age: Duration,
) -> Result<(), DbErr> {
    let sql = format!("DELETE FROM handover_instances WHERE expires_at < {} - $1", now_ms(dialect));
    execute(connection, &sql, [milliseconds(age).into()]).await?;
    Ok(())
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
