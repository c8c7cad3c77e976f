//! The types of the columns of handover's own tables, and the statement that makes a table.

use sea_orm::sea_query::{
    ColumnDef, MysqlQueryBuilder, PostgresQueryBuilder, SqliteQueryBuilder, Table,
    TableCreateStatement,
};

use crate::database::Dialect;

/// Defines the columns of a table on one database.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub dialect: Dialect,
}

impl Columns {
    /// A table without columns yet.
    pub fn table(self, name: &'static str) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(name).if_not_exists();
        if self.dialect == Dialect::MariaDb {
            // Names and ids are compared byte by byte, as on the other databases, whatever the
            // server's default.
            table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
        }
        table
    }

    pub fn optional_text(self, name: &'static str) -> ColumnDef {
        match self.dialect {
            // A server that is not strict would cut a longer text off silently.
            Dialect::MariaDb => ColumnDef::new(name).custom("longtext").take(),
            _ => ColumnDef::new(name).text().take(),
        }
    }

    pub fn text(self, name: &'static str) -> ColumnDef {
        self.optional_text(name).not_null().take()
    }

    /// A text that may be a part of a key: in MariaDB one without a length cannot.
    pub fn short_text(self, name: &'static str) -> ColumnDef {
        match self.dialect {
            Dialect::MariaDb => ColumnDef::new(name).string_len(255).not_null().take(),
            _ => self.text(name),
        }
    }

    pub fn key(self, name: &'static str) -> ColumnDef {
        self.short_text(name).primary_key().take()
    }

    pub fn number(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().not_null().take()
    }

    pub fn optional_number(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().take()
    }
}

/// The statement that makes a table, unless it is there.
pub(super) fn sql(definition: &TableCreateStatement, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => definition.to_string(SqliteQueryBuilder),
        Dialect::Postgres => definition.to_string(PostgresQueryBuilder),
        Dialect::MariaDb => definition.to_string(MysqlQueryBuilder),
    }
}
