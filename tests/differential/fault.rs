//! A broken shim, to see that the test sees it.

use handover::Dialect;
use handover::model::State;
use handover::shim::rewrite::{Rewrite, rewrite};
use sea_orm::DbErr;

use super::text::Rendered;
use super::world::World;
use crate::support::project::Db;

/// What is broken: the statement is spoilt between the shim and the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An upsert writes the column that is read, and not its twin.
    UpsertsWriteOnce,
    /// A column is mapped everywhere but in GROUP BY.
    GroupByUnmapped,
    /// A join by name compares what the database has, not what the code knows.
    NaturalJoinUnmapped,
    /// A value that differs each time is computed for each of the two columns.
    VolatileTwice,
    /// The column that is read is set before the other one: MariaDB then computes the other from
    /// what has just been set.
    LeftToRight,
    /// A column that gets another type is written under its name alone.
    OtherTypeIsNotWritten,
    /// The column that is dropped is shown by `*`, and counted by position.
    DroppedIsShown,
}

const VOLATILE: &str = "random()";
/// Of the same form, and the same each time: the rewriter writes it twice.
const CONSTANT: &str = "length('volatile')";

impl Fault {
    /// Whether it can spoil this statement.
    pub fn concerns(self, statement: &str) -> bool {
        match self {
            Self::UpsertsWriteOnce => statement.contains(" ON CONFLICT"),
            Self::GroupByUnmapped => statement.contains(" GROUP BY "),
            Self::NaturalJoinUnmapped => statement.contains(" NATURAL "),
            Self::VolatileTwice => statement.contains(VOLATILE),
            Self::LeftToRight | Self::OtherTypeIsNotWritten => statement.starts_with("UPDATE"),
            Self::DroppedIsShown => statement.contains('*'),
        }
    }

    pub async fn rewrite(self, world: &World, rendered: &Rendered) -> Result<Rendered, DbErr> {
        let sql = &rendered.sql;
        match self {
            Self::UpsertsWriteOnce if sql.contains(" ON CONFLICT") => once(world, rendered),
            // The mapping of the renames alone does not know the column.
            Self::OtherTypeIsNotWritten if sql.starts_with("UPDATE") => {
                in_states(world, rendered, |state| state)
            }
            Self::DroppedIsShown if sql.contains('*') => in_states(world, rendered, |state| state),
            Self::NaturalJoinUnmapped if sql.contains(" NATURAL ") => Ok(rendered.clone()),
            Self::VolatileTwice if sql.contains(VOLATILE) => {
                let constant = sql.replace(VOLATILE, CONSTANT);
                let twice = mapped(world, &Rendered { sql: constant, ..rendered.clone() }).await?;
                Ok(Rendered { sql: twice.sql.replace(CONSTANT, VOLATILE), ..twice })
            }
            Self::LeftToRight if sql.starts_with("UPDATE") => {
                let right = mapped(world, rendered).await?;
                let wrong = world.schema.renamed().fold(right.sql.clone(), |sql, at| {
                    let column = &world.schema.columns[at];
                    swapped(&sql, [column.from, column.to.unwrap_or(column.from)])
                });
                Ok(Rendered { sql: wrong, ..right })
            }
            Self::GroupByUnmapped => {
                let right = mapped(world, rendered).await?;
                let wrong = match (group_by(sql), group_by(&right.sql)) {
                    (Some(own), Some(mapped)) => right.sql.replace(mapped, own),
                    _ => right.sql,
                };
                Ok(Rendered { sql: wrong, ..right })
            }
            _ => mapped(world, rendered).await,
        }
    }
}

/// As the shim sends it.
async fn mapped(world: &World, rendered: &Rendered) -> Result<Rendered, DbErr> {
    let rewritten = world.shim.rewrite(&rendered.sql).await?;
    let values = rewritten.order(&rendered.values).cloned().collect();
    Ok(Rendered { sql: rewritten.sql().to_owned(), values, mixed: rendered.mixed })
}

/// As the shim would send it in a state in which only the column that is read is written.
fn once(world: &World, rendered: &Rendered) -> Result<Rendered, DbErr> {
    in_states(world, rendered, |state| match state {
        State::DualWrite => State::Pending,
        State::ReadTo => State::WriteTo,
        other => other,
    })
}

/// As the shim would send it if only the columns that are renamed were known, each in another state.
fn in_states(
    world: &World,
    rendered: &Rendered,
    state: impl Fn(State) -> State,
) -> Result<Rendered, DbErr> {
    let mapping = world.mapping(state);
    let dialect = match world.db {
        Db::Sqlite => Dialect::Sqlite,
        Db::Postgres => Dialect::Postgres,
        Db::Mariadb => Dialect::MariaDb,
    };
    Ok(match rewrite(&rendered.sql, dialect, &mapping)? {
        Rewrite::Untouched => rendered.clone(),
        Rewrite::Edited { sql, values: None } => Rendered { sql, ..rendered.clone() },
        Rewrite::Edited { sql, values: Some(order) } => {
            let values = order.iter().map(|at| rendered.values[*at].clone()).collect();
            Rendered { sql, values, mixed: rendered.mixed }
        }
    })
}

/// With the two columns of an assignment to both of them in the other order.
fn swapped(sql: &str, [a, b]: [&str; 2]) -> String {
    let [a, b] = [format!("`{a}`"), format!("`{b}`")];
    for (first, second) in [(&a, &b), (&b, &a)] {
        let Some((before, rest)) = sql.split_once(&format!("{first} = ")) else { continue };
        for (at, _) in rest.match_indices(&format!(", {second} = ")) {
            let (value, behind) = (&rest[..at], &rest[at + second.len() + 5..]);
            if let Some(after) = behind.strip_prefix(value) {
                return format!("{before}{second} = {value}, {first} = {value}{after}");
            }
        }
    }
    sql.to_owned()
}

/// What follows GROUP BY.
fn group_by(sql: &str) -> Option<&str> {
    let clause = &sql[sql.find(" GROUP BY ")?..];
    let end =
        [" HAVING ", " ORDER BY ", ")"].into_iter().filter_map(|word| clause.find(word)).min();
    Some(&clause[..end.unwrap_or(clause.len())])
}
