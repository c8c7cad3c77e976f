//! A column of `users` that gets another type: `age` becomes a `bigint`, or on SQLite, where that is made at
//! once, a text. The code of a release has the earlier type or the new one, and the reference has the type
//! of the code.

use handover::model::State;

use super::schema::Schema;
use crate::support::project::{Db, Project};

/// How far its change of type has come when the app's own deployments begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retyped {
    /// It keeps its type.
    No,
    /// It gets the other type together with a rename: the code of earlier releases has the earlier one.
    Meanwhile,
    /// It has got it, and all of the code has the new type.
    Before,
}

/// The second column.
const COPY: &str = "age_copy";
/// The value in the new type, in a state in which no column has it in every row.
const CONVERTED: &str = "age_converted";

impl Retyped {
    /// Each in turn, apart from what is dropped.
    pub fn each(place: usize) -> Self {
        [Self::Meanwhile, Self::No, Self::Meanwhile, Self::Before][place % 4]
    }

    /// The same for a schema, in which a constraint may need the column.
    pub fn of(self, schema: &Schema) -> Self {
        if schema.retypable().is_some() { self } else { Self::No }
    }

    /// Writes the migrations, and brings the change of type to its state. `meanwhile` is the release in
    /// which it happens meanwhile.
    pub fn bring(self, project: &Project, meanwhile: &str) {
        let (release, contract) = match self {
            Self::No => return,
            Self::Meanwhile => (meanwhile, "99.0.0"),
            Self::Before => ("6.0.0", "6.0.1"),
        };
        let mut arguments =
            vec!["gen", "retype", "users.age", sql_type(project.db), "--copy", COPY];
        arguments.extend(["--release", release, "--contract-release", contract]);
        if project.db == Db::Sqlite {
            arguments.extend(["--using", "CAST(age AS text)", "--back", "CAST(age AS integer)"]);
        }
        let _ = project.handover(&arguments).expect_status(0);
        if self == Self::Before {
            for release in [release, contract] {
                project.version(release);
                let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
            }
        }
    }

    /// Whether code of this release has the new type.
    pub fn is_known_to(self, code: &str, meanwhile: &str) -> bool {
        match self {
            Self::No => false,
            Self::Meanwhile => code >= meanwhile,
            Self::Before => true,
        }
    }

    /// The column of the raw table that has the value in the type of such code.
    pub fn column(known: bool, state: State) -> &'static str {
        match state {
            // Only a row that has been written since has it in both columns.
            State::DualWrite if known => CONVERTED,
            State::ReadTo if known => COPY,
            _ => "age",
        }
    }

    /// What the raw table shows besides its columns.
    pub fn shown(db: Db, state: State) -> String {
        let sql_type = if db == Db::Mariadb { "SIGNED" } else { sql_type(db) };
        match state {
            State::DualWrite => format!(", CAST(age AS {sql_type}) AS {CONVERTED}"),
            _ => String::new(),
        }
    }
}

/// The new type.
pub const fn sql_type(db: Db) -> &'static str {
    match db {
        Db::Sqlite => "text",
        Db::Postgres | Db::Mariadb => "bigint",
    }
}
