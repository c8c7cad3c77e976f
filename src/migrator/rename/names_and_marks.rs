//! Moves names and marks from the objects of one column to their counterparts.

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::super::context::Context;
use super::super::stage_error::StageError;
use super::super::steps;
use super::column_diff::{Columns, pairs};
use super::names::{free, settled};
use crate::database::catalog::{Constraint, Index, Table};
use crate::database::{Dialect, execute};
use crate::model::Identifier;

/// Gives the counterparts on `target` everything by which the objects of `source` are known: their
/// names, if these do not contain the column's name, the mark for CLUSTER, the replica identity, and
/// the sequences that the column owns. The objects of `source` get other names; on MariaDB its foreign
/// keys are dropped.
///
/// `noted` are the constraints of `from` as they were noted: a session that has locked the table cannot
/// look them up. Has to run in the transaction after which the app writes `target` alone, or `source`
/// again. On MariaDB it can run again.
pub(super) async fn move_names_and_marks(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    table: &Table,
    (source, target): (&Identifier, &Identifier),
    noted: &[Constraint],
) -> Result<(), StageError> {
    let dialect = context.dialect();
    if dialect == Dialect::Sqlite {
        return Ok(());
    }
    let at = Columns { dialect, source: source.as_str(), target: target.as_str() };
    let pairs = pairs(table, at)?;
    let mut move_name = Mover { context, transaction, taken: table.names.clone() };
    for (own, twin) in &pairs.indexes {
        move_name.marks(own, twin).await?;
        if keeps(&own.name, &twin.name, source, target) {
            move_name.index(own, twin).await?;
        }
    }
    if dialect == Dialect::MariaDb {
        let columns = (source, target);
        return super::mariadb_keys::move_names_and_marks(
            context,
            transaction,
            table,
            columns,
            noted,
        )
        .await;
    }
    for (own, twin) in &pairs.constraints {
        if keeps(&own.name, &twin.name, source, target) {
            move_name.constraint(own, twin).await?;
        }
    }
    for (own, twin) in &pairs.statistics {
        if keeps(&own.name, &twin.name, source, target) {
            let aside = free(dialect, &format!("{}_{source}", own.name), &move_name.taken);
            for (statistics, name) in [(own, &aside), (twin, &own.name)] {
                let sql = format!(
                    "ALTER STATISTICS {} RENAME TO {}",
                    steps::statistics_name(statistics)?,
                    steps::quoted(dialect, name)?
                );
                execute(transaction, &sql, []).await?;
            }
        }
    }
    move_name.not_null(table, source, target).await?;
    let quoted = (dialect.quote_table(&context.columns().table), dialect.quote(target));
    for (_, sequence) in table.sequences.iter().filter(|(own, _)| own == source.as_str()) {
        let sql = format!("ALTER SEQUENCE {sequence} OWNED BY {}.{}", quoted.0, quoted.1);
        execute(transaction, &sql, []).await?;
    }
    Ok(())
}

/// Returns true if the counterpart has to get the name: the name does not contain the column's, and
/// an interrupted run has not given it yet.
fn keeps(own: &str, twin: &str, source: &Identifier, target: &Identifier) -> bool {
    own != twin
        && settled(own, source.as_str(), target.as_str()) == own
        && !own.starts_with(&format!("{twin}{ASIDE}"))
}

/// The ending of the name of an object that was put aside.
const ASIDE: &str = "_old";

struct Mover<'a> {
    context: &'a Context<'a>,
    transaction: &'a DatabaseTransaction,
    taken: Vec<String>,
}

impl Mover<'_> {
    fn dialect(&self) -> Dialect {
        self.context.dialect()
    }

    fn table(&self) -> String {
        self.dialect().quote_table(&self.context.columns().table)
    }

    async fn run(&self, sql: &str) -> Result<(), StageError> {
        if self.dialect() == Dialect::MariaDb {
            self.transaction.execute_unprepared(sql).await?;
        } else {
            execute(self.transaction, sql, []).await?;
        }
        Ok(())
    }

    /// Takes a free name under which an object is put aside.
    fn aside(&mut self, name: &str) -> String {
        let aside = free(self.dialect(), &format!("{name}{ASIDE}"), &self.taken);
        self.taken.push(aside.clone());
        aside
    }

    /// Moves the mark for CLUSTER, and the replica identity, by which a subscriber finds the rows.
    async fn marks(&self, own: &Index, twin: &Index) -> Result<(), StageError> {
        let name = steps::quoted(self.dialect(), &twin.name)?;
        let table = self.table();
        if own.clustered {
            self.run(&format!("ALTER TABLE {table} CLUSTER ON {name}")).await?;
        }
        if own.replica_identity {
            self.run(&format!("ALTER TABLE {table} REPLICA IDENTITY USING INDEX {name}")).await?;
        }
        Ok(())
    }

    async fn index(&mut self, own: &Index, twin: &Index) -> Result<(), StageError> {
        let (dialect, table) = (self.dialect(), self.context.columns().table.clone());
        let aside = self.aside(&own.name);
        if dialect == Dialect::MariaDb {
            let quoted = |name: &str| steps::quoted(dialect, name);
            // In one statement, so that an interrupted run has done both or nothing.
            let sql = format!(
                "ALTER TABLE {} RENAME INDEX {} TO {}, RENAME INDEX {} TO {}, ALGORITHM=INPLACE",
                self.table(),
                quoted(&own.name)?,
                quoted(&aside)?,
                quoted(&twin.name)?,
                quoted(&own.name)?
            );
            return self.run(&sql).await;
        }
        for (before, after) in [(&own.name, &aside), (&twin.name, &own.name)] {
            let sql = format!(
                "ALTER INDEX {} RENAME TO {}",
                steps::qualified(dialect, &table, before)?,
                steps::quoted(dialect, after)?
            );
            self.run(&sql).await?;
        }
        Ok(())
    }

    /// Moves the name of the NOT NULL constraint, if such a constraint has one.
    async fn not_null(
        &mut self,
        table: &Table,
        source: &Identifier,
        target: &Identifier,
    ) -> Result<(), StageError> {
        let dialect = self.dialect();
        let name = |column: &Identifier| {
            let column = table.column(dialect, column.as_str());
            column.and_then(|column| column.not_null_name.clone())
        };
        let (Some(own), Some(twin)) = (name(source), name(target)) else { return Ok(()) };
        let column = table.column(dialect, source.as_str());
        if let Some(comment) = column.and_then(|column| column.not_null_comment.as_ref()) {
            let (transaction, path) = (self.transaction, &self.context.columns().table);
            steps::comment_on_constraint(transaction, dialect, path, &twin, comment).await?;
        }
        let wanted = settled(&own, source.as_str(), target.as_str());
        let mut renames = Vec::new();
        if keeps(&own, &twin, source, target) {
            renames.push((own.clone(), self.aside(&own)));
        } else if wanted == own || self.taken.contains(&wanted) {
            return Ok(());
        }
        renames.push((twin, wanted));
        for (before, after) in renames {
            self.rename_constraint(&before, &after).await?;
        }
        Ok(())
    }

    async fn constraint(&mut self, own: &Constraint, twin: &Constraint) -> Result<(), StageError> {
        let aside = self.aside(&own.name);
        for (before, after) in [(&own.name, &aside), (&twin.name, &own.name)] {
            self.rename_constraint(before, after).await?;
        }
        Ok(())
    }

    async fn rename_constraint(&self, before: &str, after: &str) -> Result<(), StageError> {
        let (dialect, table) = (self.dialect(), &self.context.columns().table);
        steps::rename_constraint(self.transaction, dialect, table, before, after).await
    }
}
