//! The effect of statements that create and change tables.

use sqlparser::ast::{
    AlterTable, AlterTableOperation, ColumnDef, ColumnOption, CreateTable, Ident,
    RenameTableNameKind, TableConstraint,
};

use super::names::{Columns, column};
use super::statement_effect::{Classifier, Effect, in_words, some};

/// Statements that create and change tables.
impl Classifier<'_> {
    pub(super) fn create_table(&self, table: &CreateTable) -> Option<Effect> {
        let parents = table.inherits.iter().flatten().chain(&table.partition_of);
        if parents.into_iter().any(|name| self.is_table(name)) {
            return Some(Effect::Table);
        }
        if self.is_table(&table.name) {
            return (!table.if_not_exists).then_some(Effect::Table);
        }
        let constraints = table.constraints.iter().map(|constraint| self.referred(constraint));
        let found = constraints.fold(Columns::default(), Columns::and);
        let found = table.columns.iter().map(|def| self.referred_by(def)).fold(found, Columns::and);
        some(found, Effect::Schema)
    }

    /// The columns that another table's foreign key refers to.
    fn referred(&self, constraint: &TableConstraint) -> Columns {
        match constraint {
            TableConstraint::ForeignKey(key) if self.is_table(&key.foreign_table) => {
                self.columns(&key.referred_columns)
            }
            _ => Columns::default(),
        }
    }

    fn referred_by(&self, def: &ColumnDef) -> Columns {
        let keys = def.options.iter().filter_map(|option| match &option.option {
            ColumnOption::ForeignKey(key) if self.is_table(&key.foreign_table) => {
                Some(self.columns(&key.referred_columns))
            }
            _ => None,
        });
        keys.fold(Columns::default(), Columns::and)
    }

    pub(super) fn alter_table(&self, table: &AlterTable) -> Option<Effect> {
        let mut found = Columns::default();
        for operation in &table.operations {
            let is_renamed = match operation {
                AlterTableOperation::RenameTable {
                    table_name: RenameTableNameKind::As(name) | RenameTableNameKind::To(name),
                } => self.is_table(&table.name) || self.is_table(name),
                _ => false,
            };
            if is_renamed {
                return Some(Effect::Table);
            }
            let gone = self.gone(operation);
            if gone.any() && self.is_table(&table.name) {
                return Some(Effect::Gone(gone));
            }
            found = found.and(if self.is_table(&table.name) {
                self.operation(operation)
            } else {
                match operation {
                    AlterTableOperation::AddConstraint { constraint, .. } => {
                        self.referred(constraint)
                    }
                    AlterTableOperation::AddColumn { column_def, .. } => {
                        self.referred_by(column_def)
                    }
                    _ => Columns::default(),
                }
            });
        }
        some(found, Effect::Schema)
    }

    /// The columns that an operation on the table renames or drops.
    fn gone(&self, operation: &AlterTableOperation) -> Columns {
        match operation {
            AlterTableOperation::DropColumn { column_names, .. } => self.columns(column_names),
            AlterTableOperation::RenameColumn { old_column_name, new_column_name } => {
                self.columns([old_column_name, new_column_name])
            }
            AlterTableOperation::ChangeColumn { old_name, new_name, .. }
                if old_name.value.to_lowercase() != new_name.value.to_lowercase() =>
            {
                self.columns([old_name, new_name])
            }
            _ => Columns::default(),
        }
    }

    /// The columns that an operation on the table concerns, beyond those that it renames or drops.
    fn operation(&self, operation: &AlterTableOperation) -> Columns {
        match operation {
            AlterTableOperation::AddConstraint {
                constraint: TableConstraint::ForeignKey(key),
                ..
            } => {
                let own = self.columns(&key.columns);
                if self.is_table(&key.foreign_table) {
                    own.and(self.columns(&key.referred_columns))
                } else {
                    own
                }
            }
            // A column that only gives the position (`AFTER`) is not touched.
            AlterTableOperation::AddColumn { column_def, .. } => {
                let options = column_def.options.iter().map(|option| match &option.option {
                    ColumnOption::ForeignKey(_) | ColumnOption::Comment(_) => Columns::default(),
                    option => self.within(option),
                });
                let found = column(&column_def.name, self.rename).and(self.referred_by(column_def));
                options.fold(found, Columns::and)
            }
            AlterTableOperation::ModifyColumn { col_name, .. } => self.columns([col_name]),
            AlterTableOperation::AlterColumn { column_name, .. } => self.columns([column_name]),
            AlterTableOperation::ChangeColumn { old_name, new_name, .. } => {
                self.columns([old_name, new_name])
            }
            AlterTableOperation::DropConstraint { name, .. }
            | AlterTableOperation::DropForeignKey { name, .. }
            | AlterTableOperation::DropIndex { name }
            | AlterTableOperation::ValidateConstraint { name } => self.said_by([name]),
            AlterTableOperation::RenameConstraint { old_name, new_name } => {
                self.said_by([old_name, new_name])
            }
            AlterTableOperation::OwnerTo { .. }
            | AlterTableOperation::EnableTrigger { .. }
            | AlterTableOperation::DisableTrigger { .. } => Columns::default(),
            other => self.within(other),
        }
    }

    /// The columns that the names of objects contain, where the objects are certainly the table's.
    fn said_by<'i>(&self, names: impl IntoIterator<Item = &'i Ident>) -> Columns {
        let says = |name: &Ident, column: &str| {
            in_words(&name.value.to_lowercase(), &column.to_lowercase())
        };
        let found = names.into_iter().map(|name| Columns {
            from: says(name, self.rename.from.as_str()),
            to: says(name, self.rename.to.as_str()),
        });
        found.fold(Columns::default(), Columns::and)
    }
}
