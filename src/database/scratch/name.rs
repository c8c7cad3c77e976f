//! The name of a scratch database: `handover_scratch_1999000000_0123abcd`.

use sea_orm::DbErr;

use crate::database::{Database, row, tables};

/// The prefix of each name. It is followed by the time of creation by the server's clock, in
/// seconds since 1970, and a random number.
pub(super) const PREFIX: &str = "handover_scratch_";

/// Makes a name that no other database has.
pub(super) fn new_name(now: i64) -> String {
    format!("{PREFIX}{now}_{:08x}", rand::random::<u32>())
}

/// The time at which the scratch database with this name was created, in seconds since 1970; `None`
/// if the name does not have exactly the form of [`new_name`].
pub(super) fn made_at(name: &str) -> Option<u64> {
    let (made, random) = name.strip_prefix(PREFIX)?.split_once('_')?;
    let digits = made.bytes().all(|byte| byte.is_ascii_digit());
    let hexadecimal = random.len() == 8 && random.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && hexadecimal).then(|| made.parse().ok())?
}

/// The server's clock, in seconds since 1970.
pub(super) async fn seconds(server: &Database) -> Result<i64, DbErr> {
    let sql = format!("SELECT {} AS now", tables::now_ms(server.dialect()));
    let row = row(server.connection(), &sql, []).await?;
    Ok(row.map(|row| row.try_get::<i64>("", "now")).transpose()?.unwrap_or_default() / 1000)
}
