//! A column of `users` that the code does without, and that the reference does not have: in one table with
//! the columns that are renamed.

use super::schema::{Kind, kind};
use crate::support::project::{Db, Project};

/// How far its drop has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// There is no such column.
    No,
    /// It is there, and inserts leave it out.
    Ignored,
    /// It has been put aside.
    Contracted,
}

impl Dropped {
    /// One after the other.
    pub fn each(place: usize) -> Self {
        [Self::No, Self::Ignored, Self::Contracted][place % 3]
    }

    /// The statements that make the tables, with the column in the first place: code that goes by position
    /// must not count it.
    pub fn with_column(self, db: Db, tables: &str) -> String {
        if self == Self::No {
            return tables.to_owned();
        }
        let column = format!("CREATE TABLE users (nickname {}, ", kind(db, Kind::Text));
        let with = tables.replace("CREATE TABLE users (", &column);
        assert_ne!(with, tables);
        with
    }

    /// Gives the rows a value of it, and brings the drop to its state. All of the app's releases do without
    /// the column.
    pub fn bring(self, project: &Project) {
        if self == Self::No {
            return;
        }
        project.sql("UPDATE users SET nickname = 'hidden'");
        let contract = if self == Self::Contracted { "7.0.1" } else { "99.0.0" };
        let drop = ["gen", "drop", "users.nickname", "--release", "7.0.0", "--contract-release"];
        let arguments = [&drop[..], &[contract, "--keep-until", "99.1.0"]].concat();
        let _ = project.handover(&arguments).expect_status(0);
        for release in ["7.0.0", "7.0.1"] {
            project.version(release);
            let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        }
    }
}
