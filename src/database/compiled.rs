//! The drivers are features of the crate, so a program may be compiled without some of them.

use sea_orm::{DbErr, RuntimeErr};

use super::Dialect;

/// The database whose driver this program was compiled without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this program was compiled without {0}: the crate `handover` needs its feature `{feature}`", feature = .0.feature())]
pub struct NotCompiled(pub Dialect);

impl NotCompiled {
    /// The next thing to do.
    #[must_use]
    pub fn hint(self) -> String {
        format!("add `{}` to the features of `handover`, and compile again", self.0.feature())
    }
}

impl From<NotCompiled> for DbErr {
    fn from(error: NotCompiled) -> Self {
        Self::Conn(RuntimeErr::Internal(error.to_string()))
    }
}

impl Dialect {
    /// The feature of the crate that compiles the driver in; sea-orm has the same.
    #[must_use]
    pub const fn feature(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlx-sqlite",
            Self::Postgres => "sqlx-postgres",
            Self::MariaDb => "sqlx-mysql",
        }
    }

    /// Checks that the driver is compiled in.
    ///
    /// # Errors
    /// It is not.
    pub const fn check_compiled(self) -> Result<(), NotCompiled> {
        let compiled = match self {
            Self::Sqlite => cfg!(feature = "sqlx-sqlite"),
            Self::Postgres => cfg!(feature = "sqlx-postgres"),
            Self::MariaDb => cfg!(feature = "sqlx-mysql"),
        };
        if compiled { Ok(()) } else { Err(NotCompiled(self)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_the_feature() {
        insta::assert_snapshot!(NotCompiled(Dialect::MariaDb), @"this program was compiled without MariaDB: the crate `handover` needs its feature `sqlx-mysql`");
    }
}
