//! Reads a list that a query gives as JSON.

use sea_orm::{DbErr, QueryResult};

/// Reads a column of the result that is a JSON list.
pub(super) fn list(row: &QueryResult, name: &str) -> Result<Vec<String>, DbErr> {
    let json: Option<String> = row.try_get("", name)?;
    serde_json::from_str(json.as_deref().unwrap_or("[]"))
        .map_err(|error| DbErr::Custom(error.to_string()))
}
