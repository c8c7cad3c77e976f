//! The tables and columns that plain SQL makes and needs.

use sqlparser::ast::{
    AlterTable, AlterTableOperation, Expr, FromTable, Ident, ObjectName, RenameTableNameKind,
    Statement, TableFactor, TableObject, TableWithJoins,
};
use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// A table, or a column of one; names in lower case, without a schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) table: String,
    pub(super) column: Option<String>,
}

impl Part {
    pub(super) fn new(table: &str, column: Option<&str>) -> Self {
        Self { table: table.to_lowercase(), column: column.map(str::to_lowercase) }
    }
}

/// Parses plain SQL, with the first dialect that reads all of it; `None` if there is none.
pub(super) fn read(sql: &str) -> Option<Vec<Statement>> {
    let dialects: [&dyn Dialect; 3] = [&PostgreSqlDialect {}, &SQLiteDialect {}, &MySqlDialect {}];
    dialects.into_iter().find_map(|dialect| Parser::parse_sql(dialect, sql).ok())
}

/// The tables that the statements create, and the columns that they add to existing tables.
pub(super) fn makes(statements: &[Statement]) -> Vec<Part> {
    let mut parts = Vec::new();
    for statement in statements {
        match statement {
            Statement::CreateTable(table) => parts.extend(whole(&table.name)),
            Statement::AlterTable(table) => {
                let operations = table.operations.iter();
                parts.extend(operations.filter_map(|operation| made(table, operation)));
            }
            Statement::RenameTable(renames) => {
                parts.extend(renames.iter().filter_map(|rename| whole(&rename.new_name)));
            }
            _ => {}
        }
    }
    parts
}

fn made(table: &AlterTable, operation: &AlterTableOperation) -> Option<Part> {
    let column = |column: &Ident| part(&table.name, Some(column));
    match operation {
        AlterTableOperation::AddColumn { column_def, .. } => column(&column_def.name),
        AlterTableOperation::RenameColumn { new_column_name, .. } => column(new_column_name),
        AlterTableOperation::ChangeColumn { old_name, new_name, .. } if old_name != new_name => {
            column(new_name)
        }
        AlterTableOperation::RenameTable {
            table_name: RenameTableNameKind::As(name) | RenameTableNameKind::To(name),
        } => whole(name),
        _ => None,
    }
}

/// The tables and columns that the statements need, and do not create themselves. Only names outside
/// of expressions and queries are found.
pub(super) fn needs(statements: &[Statement]) -> Vec<Part> {
    let own = makes(statements);
    let mut parts = Vec::new();
    for statement in statements {
        match statement {
            Statement::AlterTable(table) => {
                parts.extend(whole(&table.name));
                let operations = table.operations.iter();
                parts.extend(operations.filter_map(|operation| touched(table, operation)));
            }
            Statement::CreateIndex(index) => {
                parts.extend(whole(&index.table_name));
                for column in &index.columns {
                    if let Expr::Identifier(name) = &column.column.expr {
                        parts.extend(part(&index.table_name, Some(name)));
                    }
                }
            }
            Statement::Insert(insert) => {
                if let TableObject::TableName(name) = &insert.table {
                    parts.extend(whole(name));
                }
            }
            Statement::Update(update) => parts.extend(tables([&update.table])),
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) =
                    &delete.from;
                parts.extend(tables(from));
            }
            _ => {}
        }
    }
    parts.retain(|part| {
        let whole = Part { table: part.table.clone(), column: None };
        !own.contains(part) && !own.contains(&whole)
    });
    parts
}

fn touched(table: &AlterTable, operation: &AlterTableOperation) -> Option<Part> {
    let column = |column: &Ident| part(&table.name, Some(column));
    match operation {
        AlterTableOperation::DropColumn { column_names, .. } => {
            column_names.first().and_then(column)
        }
        AlterTableOperation::RenameColumn { old_column_name, .. } => column(old_column_name),
        AlterTableOperation::ChangeColumn { old_name, .. } => column(old_name),
        AlterTableOperation::ModifyColumn { col_name, .. } => column(col_name),
        AlterTableOperation::AlterColumn { column_name, .. } => column(column_name),
        _ => None,
    }
}

fn tables<'a>(from: impl IntoIterator<Item = &'a TableWithJoins>) -> Vec<Part> {
    let names = from.into_iter().filter_map(|table| match &table.relation {
        TableFactor::Table { name, .. } => whole(name),
        _ => None,
    });
    names.collect()
}

fn whole(name: &ObjectName) -> Option<Part> {
    part(name, None)
}

fn part(table: &ObjectName, column: Option<&Ident>) -> Option<Part> {
    let table = table.0.last()?.as_ident()?;
    Some(Part::new(&table.value, column.map(|column| column.value.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &[Part]) -> String {
        let words = parts.iter().map(|part| match &part.column {
            Some(column) => format!("{}.{column}", part.table),
            None => part.table.clone(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_statements_make_and_need() {
        for (sql, makes_, needs_) in [
            ("-- nothing", "", ""),
            ("CREATE TABLE Posts (id int); CREATE INDEX i ON posts (id)", "posts", ""),
            ("ALTER TABLE app.users ADD COLUMN Email text", "users.email", "users"),
            ("ALTER TABLE users RENAME COLUMN a TO b", "users.b", "users users.a"),
            ("ALTER TABLE users RENAME TO people", "people", "users"),
            ("ALTER TABLE `users` CHANGE a b int", "users.b", "users users.a"),
            ("CREATE INDEX i ON users (email)", "", "users users.email"),
            ("INSERT INTO users (a) VALUES (1)", "", "users"),
            ("UPDATE users SET a = 1; DELETE FROM posts", "", "users posts"),
            ("ALTER TABLE users DROP COLUMN a", "", "users users.a"),
            ("SELECT 1", "", ""),
        ] {
            let statements = read(sql).unwrap();
            assert_eq!(said(&makes(&statements)), makes_, "{sql}");
            assert_eq!(said(&needs(&statements)), needs_, "{sql}");
        }
        assert!(read("ALTER TABEL users").is_none());
    }
}
