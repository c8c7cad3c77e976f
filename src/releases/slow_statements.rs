//! Whether plain SQL may need downtime.

use sqlparser::ast::{
    AlterColumnOperation, AlterTable, AlterTableOperation, ColumnDef, ColumnOption, Expr,
    ObjectName, ObjectType, Statement,
};

use super::statements;
use crate::model::Deploy;

/// Returns why plain SQL may need downtime: the first statement that is not known to be quick beside
/// running code. `None` if every statement is.
///
/// If in doubt, the answer is slow: the size of a table cannot be seen, and SQL that cannot be parsed
/// counts as slow.
pub(super) fn reason(sql: &str, deploy: Deploy) -> Option<String> {
    let Some(statements) = statements::read(sql) else {
        return Some("has SQL that cannot be read".to_owned());
    };
    let made: Vec<String> = statements.iter().filter_map(created).collect();
    statements
        .iter()
        .find_map(|statement| of_statement(statement, &made, deploy))
        .map(str::to_owned)
}

/// Returns the table that a statement creates: no code uses it yet, so its statements may take long.
fn created(statement: &Statement) -> Option<String> {
    match statement {
        Statement::CreateTable(table) => Some(table.name.to_string().to_lowercase()),
        _ => None,
    }
}

fn of_statement(statement: &Statement, made: &[String], deploy: Deploy) -> Option<&'static str> {
    let is_new = |table: &ObjectName| made.contains(&table.to_string().to_lowercase());
    match statement {
        Statement::CreateTable(_)
        | Statement::CreateView(_)
        | Statement::CreateSequence { .. }
        | Statement::CreateType { .. }
        | Statement::CreateDomain(_)
        | Statement::CreateExtension(_)
        | Statement::CreateFunction(_)
        | Statement::CreateSchema { .. }
        | Statement::Comment { .. }
        | Statement::Grant(_)
        | Statement::Revoke(_)
        | Statement::Set(_)
        | Statement::Pragma { .. }
        | Statement::Insert(_)
        | Statement::Query(_)
        | Statement::Drop { object_type: ObjectType::Index, .. } => None,
        Statement::CreateIndex(index) if is_new(&index.table_name) => None,
        Statement::CreateIndex(_) => Some("builds an index, and no row can be written meanwhile"),
        Statement::AlterTable(table) if is_new(&table.name) => None,
        Statement::AlterTable(table) => of_table(table, deploy),
        Statement::RenameTable(_) => Some("renames a table that running code names"),
        Statement::Update(update) if update.selection.is_some() => None,
        Statement::Delete(delete) if delete.selection.is_some() => None,
        Statement::Update(_) | Statement::Delete(_) => Some("writes every row of a table at once"),
        Statement::Drop { .. } if deploy == Deploy::Post => None,
        Statement::Drop { .. } => Some("drops what running code may use"),
        _ => Some("has a statement that is not known to be quick"),
    }
}

fn of_table(table: &AlterTable, deploy: Deploy) -> Option<&'static str> {
    table.operations.iter().find_map(|operation| match operation {
        AlterTableOperation::AddColumn { column_def, .. } => of_column(column_def),
        AlterTableOperation::AddConstraint { not_valid: true, .. }
        | AlterTableOperation::DropConstraint { .. }
        | AlterTableOperation::DropForeignKey { .. }
        | AlterTableOperation::DropIndex { .. }
        | AlterTableOperation::RenameConstraint { .. }
        | AlterTableOperation::ValidateConstraint { .. } => None,
        AlterTableOperation::AddConstraint { .. } => Some("checks every row under a lock"),
        AlterTableOperation::DropColumn { .. } if deploy == Deploy::Post => None,
        AlterTableOperation::DropColumn { .. } => Some("drops what running code may use"),
        AlterTableOperation::RenameColumn { .. } | AlterTableOperation::RenameTable { .. } => {
            Some("renames what running code names")
        }
        AlterTableOperation::AlterColumn { op, .. } => match op {
            AlterColumnOperation::DropNotNull
            | AlterColumnOperation::SetDefault { .. }
            | AlterColumnOperation::DropDefault => None,
            AlterColumnOperation::SetNotNull => Some("checks every row under a lock"),
            _ => Some("may rewrite the whole table under a lock"),
        },
        _ => Some("may rewrite the whole table under a lock"),
    })
}

/// Returns why adding a column is slow, if it is. A column that may be null, or has a constant
/// default, is only noted in the catalog.
fn of_column(column: &ColumnDef) -> Option<&'static str> {
    let mut must_have_a_value = false;
    let mut default = false;
    for option in &column.options {
        match &option.option {
            ColumnOption::Null | ColumnOption::Comment(_) | ColumnOption::Collation(_) => {}
            ColumnOption::NotNull => must_have_a_value = true,
            ColumnOption::Default(value) if is_constant(value) => default = true,
            ColumnOption::Default(_) => return Some("computes a value for every row"),
            _ => return Some("checks every row under a lock"),
        }
    }
    (must_have_a_value && !default).then_some("adds a column that running code gives no value")
}

fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Value(_) | Expr::TypedString { .. } => true,
        Expr::UnaryOp { expr, .. } | Expr::Nested(expr) | Expr::Cast { expr, .. } => {
            is_constant(expr)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_to_be_quick_is_no_reason() {
        for sql in [
            "CREATE TABLE posts (id int PRIMARY KEY); CREATE INDEX i ON posts (id)",
            "ALTER TABLE users ADD COLUMN email text",
            "ALTER TABLE users ADD COLUMN n int NOT NULL DEFAULT -1",
            "ALTER TABLE users ALTER COLUMN a DROP NOT NULL",
            "INSERT INTO users (a) VALUES (1)",
            "UPDATE users SET a = 1 WHERE id = 7",
            "DROP INDEX i",
        ] {
            assert_eq!(reason(sql, Deploy::Pre), None, "{sql}");
        }
        for sql in ["DROP TABLE users", "ALTER TABLE users DROP COLUMN a"] {
            assert_eq!(reason(sql, Deploy::Post), None, "{sql}");
            assert!(reason(sql, Deploy::Pre).is_some(), "{sql}");
        }
    }

    #[test]
    fn anything_else_is() {
        for sql in [
            "CREATE INDEX i ON users (a)",
            "ALTER TABLE users ADD COLUMN a int NOT NULL",
            "ALTER TABLE users ADD COLUMN a uuid DEFAULT gen_random_uuid()",
            "ALTER TABLE users ADD COLUMN a int REFERENCES posts (id)",
            "ALTER TABLE users ALTER COLUMN a TYPE bigint",
            "ALTER TABLE users ALTER COLUMN a SET NOT NULL",
            "ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0)",
            "ALTER TABLE users RENAME COLUMN a TO b",
            "ALTER TABLE users MODIFY a bigint",
            "UPDATE users SET a = 1",
            "DELETE FROM users",
            "TRUNCATE users",
            "LOCK TABLE users",
            "VACUUM",
            "ALTER TABEL users",
        ] {
            assert!(reason(sql, Deploy::Post).is_some(), "{sql}");
        }
    }
}
