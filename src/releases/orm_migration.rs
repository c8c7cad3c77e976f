//! Migrations of the app's `Migrator` of sea-orm-migration.

use std::path::PathBuf;

use super::{Body, Migration};
use crate::manifest::Checksum;
use crate::model::Deploy;

/// A migration of the app's `Migrator` of sea-orm-migration. The table of that crate records which
/// of them have run, so handover keeps no record of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrmMigration {
    /// The time in its name as `YYYYMMDDHHMMSS`; 0 without one. It gives the order among handover's own.
    pub id: u64,
    /// Its name.
    pub name: String,
}

impl OrmMigration {
    /// Reads the time from the name.
    ///
    /// `m20220101_000001_create_users` → `20220101000001`
    #[must_use]
    pub fn new(name: String) -> Self {
        let digits = name.trim_start_matches('m').chars().filter(|letter| *letter != '_');
        let mut digits: String = digits.take_while(char::is_ascii_digit).take(DIGITS).collect();
        // A date is enough to go by.
        if digits.len() < DATE {
            digits.clear();
        }
        let id = format!("{digits:0<DIGITS$}").parse().unwrap_or_default();
        Self { id, name }
    }

    /// The same as one of the migrations that a plan consists of.
    #[must_use]
    pub fn as_migration(&self) -> Migration {
        Migration {
            id: self.id,
            slug: self.name.clone(),
            release: None,
            path: PathBuf::from(format!("(sea-orm) {}", self.name)),
            checksum: Checksum::of(b""),
            deploy: Deploy::Pre,
            after: Vec::new(),
            body: Body::Orm,
        }
    }
}

const DATE: usize = "YYYYMMDD".len();
const DIGITS: usize = "YYYYMMDDHHMMSS".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_read_from_the_name() {
        for (name, expect) in [
            ("m20220101_000001_create_users", 20_220_101_000_001),
            ("m20220101000001_create_users", 20_220_101_000_001),
            ("20220101_000001_2fa", 20_220_101_000_001),
            ("m20220101_add_email", 20_220_101_000_000),
            ("m000001_first", 0),
            ("create_users", 0),
            ("", 0),
            ("m_größe", 0),
        ] {
            assert_eq!(OrmMigration::new(name.to_owned()).id, expect, "{name}");
        }
    }
}
