//! A column as the catalog describes it.

use serde::{Deserialize, Serialize};

use super::identity::Identity;
use super::property::Property;

/// A column as the catalog describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as SQL.
    pub sql_type: String,
    /// Its collation as SQL, if it is not the type's default.
    pub collation: Option<String>,
    /// Its default as SQL, if it has one.
    pub default: Option<String>,
    /// True if two columns with this default get the same value in one statement, and a column can
    /// be added with it.
    pub default_repeats: bool,
    /// True if it is NOT NULL.
    pub not_null: bool,
    /// True if its value is computed: generated, `AUTO_INCREMENT`, or SQLite's row id.
    pub computed: bool,
    /// Its identity, if it is an identity column (PostgreSQL). The next number is then its default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Its comment, if changing the column would lose it (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// True if it is computed when a row is written, and stored (MariaDB).
    #[serde(default)]
    pub stored: bool,
    /// True if `*` leaves it out (MariaDB).
    #[serde(default)]
    pub invisible: bool,
    /// True if an UPDATE that leaves it out sets it (MariaDB's `ON UPDATE CURRENT_TIMESTAMP`).
    #[serde(default)]
    pub on_update: bool,
    /// The check in its definition, as SQL (MariaDB).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// Its other properties that a copy needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// The name of its NOT NULL constraint, if it has one (PostgreSQL 18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_name: Option<String>,
    /// The comment of that constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_null_comment: Option<String>,
}
