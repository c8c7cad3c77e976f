//! The comparison of two columns that a drop depends on: everything that one has, the other has too.

use std::fmt;

use crate::database::Dialect;
use crate::database::catalog::{
    Column, Constraint, Index, Property, Statistics, Table, Unreadable, same_expression,
};

/// Two columns of a table, where `target` has to have everything that `source` has.
#[derive(Debug, Clone, Copy)]
pub(in crate::migrator) struct Columns<'a> {
    pub dialect: Dialect,
    pub source: &'a str,
    pub target: &'a str,
}

/// Something that the source has and the target lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrator) enum Lack {
    /// Another type, collation or check in the definition.
    Type { source: String, target: String },
    /// Another comment, if comments are part of a column's definition (MariaDB).
    Comment,
    /// Another default.
    Default(Option<String>),
    /// NOT NULL.
    NotNull,
    /// A comment, a privilege, …
    Property(Property),
    /// An index, or something that depends on it.
    Index(Box<Index>),
    /// A check or foreign key.
    Constraint(Box<Constraint>),
    /// Statistics over several columns.
    Statistics(Box<Statistics>),
    /// A property that only the target has.
    Foreign(Property),
}

impl Lack {
    /// Returns true if it can be carried over to the existing column.
    pub fn can_be_carried(&self, dialect: Dialect) -> bool {
        match self {
            Self::Type { .. } => false,
            // SQLite changes no column in place.
            Self::Default(_) | Self::NotNull => dialect != Dialect::Sqlite,
            Self::Index(index) => !index.primary || dialect == Dialect::Sqlite,
            Self::Comment
            | Self::Constraint(_)
            | Self::Statistics(_)
            | Self::Property(_)
            | Self::Foreign(_) => true,
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type { source, target } => write!(f, "the type {source} (it is {target})"),
            Self::Comment => f.write_str("the comment"),
            Self::Default(Some(default)) => write!(f, "the default `{default}`"),
            Self::Default(None) => f.write_str("no default"),
            Self::NotNull => f.write_str("NOT NULL"),
            Self::Property(property) => property.fmt(f),
            Self::Index(index) => write!(f, "the index `{}`", index.name),
            Self::Constraint(constraint) => {
                write!(f, "the {} `{}`", constraint.kind(), constraint.name)
            }
            Self::Statistics(own) => write!(f, "the statistics `{}`", own.name),
            Self::Foreign(property) => write!(f, "{property}, which it has alone"),
        }
    }
}

/// Returns what the target lacks. `relaxed` says that the source has given up its default and NOT
/// NULL, so that nobody has to set it.
///
/// # Errors
/// An expression cannot be read.
pub(in crate::migrator) fn lacks(
    table: &Table,
    at: Columns<'_>,
    relaxed: bool,
) -> Result<Vec<Lack>, Unreadable> {
    let Columns { dialect, source, target } = at;
    let (Some(own), Some(its)) = (table.column(dialect, source), table.column(dialect, target))
    else {
        return Ok(Vec::new());
    };
    let mut found = of_column(own, its, dialect, relaxed);
    found.extend(indexes(table, at)?);
    for constraint in table.constraints_of(dialect, source)? {
        let has = |twin: &Constraint| constraint.is_equal_to(dialect, source, twin, target);
        if !table.constraints.iter().any(has) {
            found.push(Lack::Constraint(Box::new(constraint.clone())));
        }
    }
    for statistics in table.statistics_of(source)? {
        let has = |twin: &Statistics| statistics.is_equal_to(source, twin, target);
        if !table.statistics.iter().any(has) {
            found.push(Lack::Statistics(Box::new(statistics.clone())));
        }
    }
    Ok(found)
}

/// Returns what the target of a change of type lacks: indexes, the comment, NOT NULL and properties. It has
/// another type and default, and the source has no checks, foreign keys or statistics.
///
/// # Errors
/// An expression cannot be read.
pub(in crate::migrator) fn lacks_across_types(
    table: &Table,
    at: Columns<'_>,
) -> Result<Vec<Lack>, Unreadable> {
    let Columns { dialect, source, target } = at;
    let (Some(own), Some(its)) = (table.column(dialect, source), table.column(dialect, target))
    else {
        return Ok(Vec::new());
    };
    let mut found = indexes(table, at)?;
    // SQLite keeps the column itself, with its NOT NULL.
    if dialect == Dialect::Sqlite {
        return Ok(found);
    }
    if own.comment != its.comment {
        found.push(Lack::Comment);
    }
    found.extend(not_null(own, its));
    found.extend(properties(own, its));
    Ok(found)
}

fn indexes(table: &Table, at: Columns<'_>) -> Result<Vec<Lack>, Unreadable> {
    let Columns { dialect, source, target } = at;
    let mut found = table.indexes_of(dialect, source)?;
    found.retain(|index| {
        !table.indexes.iter().any(|twin| index.is_equal_to(dialect, source, twin, target))
    });
    Ok(found.into_iter().map(|index| Lack::Index(Box::new(index.clone()))).collect())
}

fn not_null(own: &Column, its: &Column) -> Option<Lack> {
    (own.not_null && !its.not_null).then_some(Lack::NotNull)
}

fn properties(own: &Column, its: &Column) -> impl Iterator<Item = Lack> {
    let missing = own.properties.iter().filter(|property| !its.properties.contains(property));
    missing.cloned().map(Lack::Property)
}

fn of_column(own: &Column, its: &Column, dialect: Dialect, relaxed: bool) -> Vec<Lack> {
    let mut found = Vec::new();
    let same_check = match (&own.check, &its.check) {
        (Some(check), Some(other)) => {
            same_expression(dialect, (check, &own.name), (other, &its.name))
        }
        (check, other) => check == other,
    };
    let type_of = |column: &Column| {
        let Column { sql_type, collation, invisible, .. } = column;
        (sql_type.clone(), collation.clone(), *invisible)
    };
    if type_of(own) != type_of(its) || !same_check {
        found.push(Lack::Type { source: described(own), target: described(its) });
    }
    if own.comment != its.comment {
        found.push(Lack::Comment);
    }
    // SQLite keeps the column itself, with its default and NOT NULL.
    if dialect == Dialect::Sqlite {
        return found;
    }
    // Of two columns, only one has a default that differs each time: the shim sends the value.
    let withheld = !own.default_repeats && its.default.is_none()
        || !its.default_repeats && own.default.is_none();
    // A relaxed column has no default, unless somebody has given it one since.
    let given = !relaxed || own.default.is_some();
    if given && own.default != its.default && !withheld {
        found.push(Lack::Default(own.default.clone()));
    }
    found.extend(not_null(own, its));
    found.extend(properties(own, its));
    let foreign = its.properties.iter().filter(|property| !own.properties.contains(property));
    found.extend(foreign.cloned().map(Lack::Foreign));
    found
}

fn described(column: &Column) -> String {
    let Column { sql_type, collation, check, invisible, .. } = column;
    let mut words = sql_type.clone();
    if let Some(collation) = collation {
        words.push_str(" COLLATE ");
        words.push_str(collation);
    }
    if let Some(check) = check {
        words.push_str(" CHECK (");
        words.push_str(check);
        words.push(')');
    }
    if *invisible {
        words.push_str(" INVISIBLE");
    }
    words
}

/// The objects of one column, each with its counterpart on the other.
#[derive(Debug, Default)]
pub(in crate::migrator) struct Pairs<'t> {
    pub indexes: Vec<(&'t Index, &'t Index)>,
    pub constraints: Vec<(&'t Constraint, &'t Constraint)>,
    pub statistics: Vec<(&'t Statistics, &'t Statistics)>,
}

/// Pairs each object of the source with one of the same kind on the target; if several are alike,
/// in their order.
///
/// # Errors
/// An expression cannot be read.
pub(in crate::migrator) fn pairs<'t>(
    table: &'t Table,
    at: Columns<'_>,
) -> Result<Pairs<'t>, Unreadable> {
    let Columns { dialect, source, target } = at;
    let mut pairs = Pairs::default();
    for index in table.indexes_of(dialect, source)? {
        let free = |twin: &&Index| {
            index.is_like(dialect, source, twin, target)
                && twin.valid
                && !pairs.indexes.iter().any(|(_, taken)| taken.name == twin.name)
        };
        if let Some(twin) = table.indexes.iter().find(free) {
            pairs.indexes.push((index, twin));
        }
    }
    for constraint in table.constraints_of(dialect, source)? {
        let free = |twin: &&Constraint| {
            constraint.is_like(dialect, source, twin, target)
                && !pairs.constraints.iter().any(|(_, taken)| taken.name == twin.name)
        };
        if let Some(twin) = table.constraints.iter().find(free) {
            pairs.constraints.push((constraint, twin));
        }
    }
    for statistics in table.statistics_of(source)? {
        let free = |twin: &&Statistics| {
            statistics.is_equal_to(source, twin, target)
                && !pairs.statistics.iter().any(|(_, taken)| taken.name == twin.name)
        };
        if let Some(twin) = table.statistics.iter().find(free) {
            pairs.statistics.push((statistics, twin));
        }
    }
    Ok(pairs)
}
