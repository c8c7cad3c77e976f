//! Gives one column everything that the other has, while the app keeps writing.

use std::collections::HashSet;

use super::super::context::{Context, Lock};
use super::super::stage_error::StageError;
use super::super::steps;
use super::column_diff::{Columns, Lack, lacks};
use super::names::{interim, settled};
use crate::database::Dialect;
use crate::database::catalog::{Column, Constraint, Definition, Index, Statistics, Table};
use crate::model::Identifier;

/// How often the columns are compared: each time, somebody may have changed the table since.
const PASSES: usize = 4;

/// Gives `target` everything that it lacks of `source`, and proves with the catalog that it has it.
///
/// # Errors
/// Something cannot be carried over, or the database fails.
pub(super) async fn carry(
    context: &Context<'_>,
    source: &Identifier,
    target: &Identifier,
    relaxed: bool,
) -> Result<Table, StageError> {
    let at =
        Columns { dialect: context.dialect(), source: source.as_str(), target: target.as_str() };
    let mut left = Vec::new();
    for _ in 0..PASSES {
        let table = context.table().await?;
        left = lacks(&table, at, relaxed)?;
        let refuses_null = |name| table.column(at.dialect, name).is_some_and(|own| own.not_null);
        if table.unfinished_not_null && refuses_null(at.source) && refuses_null(at.target) {
            // Everything is done, except for dropping the check that made it quick.
            left.push(Lack::NotNull);
        }
        if left.is_empty() {
            return Ok(table);
        }
        if left.iter().any(|lack| !lack.can_be_carried(at.dialect)) {
            left.retain(|lack| !lack.can_be_carried(at.dialect));
            break;
        }
        let noted = context.definition().await.ok();
        let mut carrier = Carrier::new(context, &table, at, target, noted.as_ref());
        for lack in &left {
            carrier.give(lack).await?;
        }
    }
    Err(lacking(context, source, target, &left))
}

/// Fails if `target` lacks something of `source`, in the table as the transaction sees it.
pub(super) fn prove(
    context: &Context<'_>,
    table: &Table,
    (source, target): (&Identifier, &Identifier),
    relaxed: bool,
) -> Result<(), StageError> {
    prove_except(context, table, (source, target), relaxed, &[])
}

/// Does the same without these indexes of `source`.
pub(super) fn prove_except(
    context: &Context<'_>,
    table: &Table,
    (source, target): (&Identifier, &Identifier),
    relaxed: bool,
    indexes: &[String],
) -> Result<(), StageError> {
    let dialect = context.dialect();
    let at = Columns { dialect, source: source.as_str(), target: target.as_str() };
    let mut left = lacks(table, at, relaxed)?;
    left.retain(|lack| !matches!(lack, Lack::Index(own) if indexes.contains(&own.name)));
    if left.is_empty() { Ok(()) } else { Err(lacking(context, source, target, &left)) }
}

fn lacking(
    context: &Context<'_>,
    source: &Identifier,
    target: &Identifier,
    left: &[Lack],
) -> StageError {
    StageError::Lacks {
        table: context.declared.columns().table.clone(),
        source_column: source.clone(),
        target: target.clone(),
        lacks: left.iter().map(ToString::to_string).collect(),
    }
}

struct Carrier<'a> {
    context: &'a Context<'a>,
    table: &'a Table,
    at: Columns<'a>,
    target: &'a Identifier,
    /// The definition of `from` that was noted.
    noted: Option<&'a Definition>,
    /// The names that are taken, with those given since.
    taken: Vec<String>,
    /// The names that objects of the source will get, because theirs contain the column's name.
    reserved: Vec<String>,
    /// The objects of the target that already are a counterpart.
    used: HashSet<String>,
}

impl<'a> Carrier<'a> {
    fn new(
        context: &'a Context<'a>,
        table: &'a Table,
        at: Columns<'a>,
        target: &'a Identifier,
        noted: Option<&'a Definition>,
    ) -> Self {
        let (taken, used) = (table.names.clone(), HashSet::new());
        let indexes = table.indexes.iter().map(|own| &own.name);
        let all = indexes.chain(table.constraints.iter().map(|own| &own.name));
        let renamed = all.filter(|name| settled(name, at.source, at.target) != **name);
        let reserved = renamed.map(|name| settled(name, at.source, at.target)).collect();
        Self { context, table, at, target, noted, taken, reserved, used }
    }

    async fn give(&mut self, lack: &Lack) -> Result<(), StageError> {
        let (context, dialect) = (self.context, self.at.dialect);
        let (name, target) = (&context.columns().table, self.target);
        match lack {
            // Refused before.
            Lack::Type { .. } => Ok(()),
            Lack::Comment => self.comment().await,
            Lack::Index(index) => self.index(index).await,
            Lack::Constraint(constraint) => self.constraint(constraint).await,
            Lack::Statistics(statistics) => self.statistics(statistics).await,
            Lack::NotNull => {
                let of = |name| self.table.column(dialect, name);
                let (Some(own), Some(its)) = (of(self.at.source), of(self.at.target)) else {
                    return Ok(());
                };
                // The default is carried on its own: of two columns, one may have none.
                let like = Column { default: its.default.clone(), ..own.clone() };
                steps::set_not_null(context, target, &like).await
            }
            Lack::Default(default) => {
                let default = default.as_deref();
                context
                    .transaction(Lock::Everyone, async |transaction| {
                        steps::set_default(transaction, dialect, name, target, default).await
                    })
                    .await
            }
            Lack::Property(property) => {
                let given = std::slice::from_ref(property);
                context
                    .transaction(self.lock(), async |transaction| {
                        steps::give_properties(transaction, dialect, name, target, given).await
                    })
                    .await
            }
            Lack::Foreign(property) => {
                context
                    .transaction(self.lock(), async |transaction| {
                        steps::take_property(transaction, dialect, name, target, property).await
                    })
                    .await
            }
        }
    }

    /// Gives the target the source's comment; on MariaDB, together with the column's definition.
    async fn comment(&self) -> Result<(), StageError> {
        let dialect = self.at.dialect;
        let of = |name| self.table.column(dialect, name);
        let (Some(own), Some(its)) = (of(self.at.source), of(self.at.target)) else {
            return Ok(());
        };
        let like = Column { comment: own.comment.clone(), ..its.clone() };
        steps::redefine(self.context, self.target, &like).await
    }

    /// The lock to give privileges under: a session of MariaDB with locked tables cannot give any.
    fn lock(&self) -> Lock {
        if self.at.dialect == Dialect::MariaDb { Lock::Rows } else { Lock::Everyone }
    }

    /// Takes a free name for the counterpart of an object.
    fn name(&mut self, own: &str, ending: &str) -> String {
        let Columns { dialect, source, target } = self.at;
        let fallback = format!("{}_{target}_{ending}", self.context.columns().table.name);
        let mut taken = self.taken.clone();
        if settled(own, source, target) == own {
            taken.extend(self.reserved.iter().cloned());
        }
        let name = interim(dialect, own, (source, target), &fallback, &taken);
        self.taken.push(name.clone());
        name
    }

    async fn index(&mut self, index: &Index) -> Result<(), StageError> {
        let Columns { dialect, source, target } = self.at;
        let free = |twin: &&Index| {
            index.is_like(dialect, source, twin, target) && !self.used.contains(&twin.name)
        };
        let existing = self.table.indexes.iter().find(free);
        let name = match (existing, self.before(index)) {
            (Some(existing), _) => existing.name.clone(),
            (None, Some(before)) => before,
            (None, None) => self.name(&index.name, if index.unique { "key" } else { "idx" }),
        };
        self.used.insert(name.clone());
        let twin = Index { name, ..index.on(dialect, source, target)? };
        steps::build_index(self.context, &twin, existing).await
    }

    /// Takes, on the way back, the name that the index had on `from`, if it is free.
    fn before(&mut self, index: &Index) -> Option<String> {
        let Columns { dialect, source, target } = self.at;
        if self.target != &self.context.columns().from {
            return None;
        }
        let free = |own: &&Index| {
            index.is_like(dialect, source, own, target) && !self.taken.contains(&own.name)
        };
        let name = self.noted?.indexes.iter().find(free)?.name.clone();
        self.taken.push(name.clone());
        Some(name)
    }

    async fn constraint(&mut self, constraint: &Constraint) -> Result<(), StageError> {
        let Columns { dialect, source, target } = self.at;
        let free = |twin: &&Constraint| {
            constraint.is_like(dialect, source, twin, target) && !self.used.contains(&twin.name)
        };
        let existing = self.table.constraints.iter().find(free);
        let ending = if constraint.kind() == "check" { "check" } else { "fkey" };
        let name = match existing {
            Some(existing) => existing.name.clone(),
            None => self.name(&constraint.name, ending),
        };
        self.used.insert(name.clone());
        let twin = Constraint { name, ..constraint.on(dialect, source, target)? };
        steps::add_constraint(self.context, &twin, existing).await
    }

    async fn statistics(&mut self, statistics: &Statistics) -> Result<(), StageError> {
        let Columns { source, target, .. } = self.at;
        let name = self.name(&statistics.name, "stat");
        let twin = Statistics { name, ..statistics.on(source, target)? };
        let (context, table) = (self.context, &self.context.columns().table);
        context.step(format!("statistics `{}`", twin.name)).await;
        context
            .transaction(Lock::Writers, async |transaction| {
                steps::create_statistics(transaction, table, &twin).await
            })
            .await
    }
}
