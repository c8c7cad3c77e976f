use sea_orm::ConnectionTrait;

use super::super::stage::{Context, Lock};
use super::super::stage_error::StageError;
use super::ddl::change_schema;
use crate::database::catalog::{self, Index, IndexColumn};
use crate::database::{Dialect, execute};
use crate::model::{Identifier, Rename, TableName};

/// The indexes that `to` needs to stand in for `from`: each index of `from`, on `to`, under a name
/// derived from its own that is not among the names taken.
pub(in crate::migrator) fn twin_indexes(
    dialect: Dialect,
    rename: &Rename,
    indexes: &[Index],
    taken: &[String],
) -> Vec<Index> {
    let (from, to) = (rename.from.as_str(), rename.to.as_str());
    let mut taken = taken.to_vec();
    let mut twins = Vec::new();
    for index in indexes.iter().filter(|index| index.plain) {
        // SQLite's own names for the indexes of constraints may not be used by anyone else.
        let stem = if index.name.contains(from) && !index.name.starts_with("sqlite_") {
            index.name.replace(from, to)
        } else {
            let ending = if index.unique { "key" } else { "idx" };
            format!("{}_{to}_{ending}", rename.table.name)
        };
        let name = free_name(dialect, &stem, &taken);
        taken.push(name.clone());
        let columns = index
            .columns
            .iter()
            .map(|column| IndexColumn {
                name: if dialect.same_column(&column.name, from) {
                    to.to_owned()
                } else {
                    column.name.clone()
                },
                suffix: column.suffix.clone(),
            })
            .collect();
        twins.push(Index { name, columns, primary: false, ..index.clone() });
    }
    twins
}

/// The stem, cut to what the database keeps, with a number where the name is taken.
fn free_name(dialect: Dialect, stem: &str, taken: &[String]) -> String {
    let limit = dialect.max_name_length().unwrap_or(usize::MAX);
    let cut = |text: &str, limit: usize| {
        let mut text = text.to_owned();
        while dialect.name_length(&text) > limit {
            text.pop();
        }
        text
    };
    let free = |name: &String| !taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    let plain = cut(stem, limit);
    if free(&plain) {
        return plain;
    }
    // One more than there are names that can be taken.
    (2..=taken.len() + 2)
        .map(|n| {
            let ending = format!("_{n}");
            format!("{}{ending}", cut(stem, limit.saturating_sub(ending.len())))
        })
        .find(free)
        .unwrap_or(plain)
}

/// Builds the indexes that are missing, without keeping the app from writing where the database
/// can do that (PostgreSQL, MariaDB).
pub(in crate::migrator) async fn build_indexes(
    context: &Context<'_>,
    indexes: &[Index],
) -> Result<(), StageError> {
    let dialect = context.dialect();
    let table = &context.rename().table;
    for index in indexes {
        let existing = context.table().await?.indexes;
        let existing = existing.iter().find(|other| other.name == index.name);
        // SQLite's stands behind no constraint: only CREATE TABLE can make one there.
        let same =
            |other: &Index| dialect == Dialect::Sqlite || other.constraint == index.constraint;
        if existing.is_some_and(|other| other.valid && same(other)) {
            continue;
        }
        context.step(format!("index `{}`", index.name)).await;
        if dialect == Dialect::Sqlite {
            let build = async |transaction: &_| build_index_in(transaction, table, index).await;
            context.transaction(Lock::Rows, build).await?;
        } else if dialect == Dialect::Mysql {
            context.alter_online(&create(dialect, table, index, "")?).await?;
            super::crash_point("index", "built");
        } else {
            if existing.is_some_and(|other| !other.valid) {
                let name = qualified(dialect, table, &index.name)?;
                let sql = format!("DROP INDEX CONCURRENTLY {name}");
                execute(context.database.connection(), &sql, []).await?;
            }
            if existing.is_none_or(|other| !other.valid) {
                let sql = create(dialect, table, index, " CONCURRENTLY")?;
                execute(context.database.connection(), &sql, []).await?;
                super::crash_point("index", "built");
            }
            if index.constraint {
                attach(context, index).await?;
            }
        }
        super::crash_point("index", &index.name);
    }
    Ok(())
}

/// Builds one index inside a transaction (SQLite).
pub(in crate::migrator) async fn build_index_in<C: ConnectionTrait>(
    transaction: &C,
    table: &TableName,
    index: &Index,
) -> Result<(), StageError> {
    execute(transaction, &create(Dialect::Sqlite, table, index, "")?, []).await?;
    Ok(())
}

/// Drops those of the indexes that the table has, and the constraints that they stand behind.
///
/// An interrupted run may have left the index of a constraint without the constraint, and another
/// table may have taken the name of an index that is not there.
pub(in crate::migrator) async fn drop_indexes<C: ConnectionTrait>(
    transaction: &C,
    dialect: Dialect,
    table: &TableName,
    indexes: &[Index],
) -> Result<(), StageError> {
    let found = catalog::table(transaction, dialect, table).await?;
    let found = found.map(|table| table.indexes).unwrap_or_default();
    let listed = |own: &&Index| indexes.iter().any(|index| index.name == own.name);
    for own in found.iter().filter(listed) {
        let sql = if dialect == Dialect::Mysql {
            format!(
                "ALTER TABLE {} DROP INDEX {}, ALGORITHM=INPLACE",
                dialect.quote_table(table),
                quoted(dialect, &own.name)?
            )
        } else if own.constraint && dialect != Dialect::Sqlite {
            format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                dialect.quote_table(table),
                quoted(dialect, &own.name)?
            )
        } else {
            format!("DROP INDEX {}", qualified(dialect, table, &own.name)?)
        };
        change_schema(transaction, dialect, &sql).await?;
    }
    Ok(())
}

/// Makes a unique index the index of a UNIQUE constraint, as its twin is.
async fn attach(context: &Context<'_>, index: &Index) -> Result<(), StageError> {
    let dialect = context.dialect();
    let name = quoted(dialect, &index.name)?;
    let table = dialect.quote_table(&context.rename().table);
    let sql = format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}");
    context
        .transaction(Lock::Everyone, async |transaction| {
            execute(transaction, &sql, []).await?;
            Ok(())
        })
        .await
}

fn create(
    dialect: Dialect,
    table: &TableName,
    index: &Index,
    how: &str,
) -> Result<String, StageError> {
    let mut columns = Vec::new();
    for column in &index.columns {
        columns.push(format!("{}{}", quoted(dialect, &column.name)?, column.suffix));
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let columns = columns.join(", ");
    Ok(match dialect {
        // SQLite takes the schema before the index's name and none before the table's.
        Dialect::Sqlite => format!(
            "CREATE {unique}INDEX {} ON {} ({columns})",
            qualified(dialect, table, &index.name)?,
            dialect.quote(&table.name)
        ),
        Dialect::Mysql => format!(
            "ALTER TABLE {} ADD {unique}INDEX {} ({columns}), ALGORITHM=INPLACE, LOCK=NONE",
            dialect.quote_table(table),
            quoted(dialect, &index.name)?
        ),
        Dialect::Postgres => format!(
            "CREATE {unique}INDEX{how} {} ON {} USING {} ({columns})",
            quoted(dialect, &index.name)?,
            dialect.quote_table(table),
            index.method
        ),
    })
}

fn quoted(dialect: Dialect, name: &str) -> Result<String, StageError> {
    Identifier::new(name)
        .map(|name| dialect.quote(&name))
        .map_err(|error| sea_orm::DbErr::Custom(error.to_string()).into())
}

/// The index's name with the schema of its table, where that is named.
fn qualified(dialect: Dialect, table: &TableName, name: &str) -> Result<String, StageError> {
    let name = quoted(dialect, name)?;
    Ok(match &table.schema {
        Some(schema) => format!("{}.{name}", dialect.quote(schema)),
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(name: &str, columns: &[&str]) -> Index {
        Index {
            name: name.to_owned(),
            unique: true,
            constraint: false,
            primary: false,
            plain: true,
            method: "btree".to_owned(),
            columns: columns
                .iter()
                .map(|name| IndexColumn { name: (*name).to_owned(), suffix: String::new() })
                .collect(),
            valid: true,
        }
    }

    #[test]
    fn twins_keep_the_shape_and_get_free_names() {
        let rename = Rename {
            table: "users".parse().unwrap(),
            from: Identifier::new("username").unwrap(),
            to: Identifier::new("handle").unwrap(),
        };
        let indexes = [
            index("users_username_key", &["username"]),
            index("sqlite_autoindex_users_1", &["tenant", "username"]),
            index("users_handle_key", &["username"]),
        ];
        let taken: Vec<_> = indexes.iter().map(|index| index.name.clone()).collect();
        let twins = twin_indexes(Dialect::Postgres, &rename, &indexes, &taken);
        let names: Vec<_> = twins.iter().map(|twin| twin.name.as_str()).collect();
        assert_eq!(names, ["users_handle_key_2", "users_handle_key_3", "users_handle_key_4"]);
        assert_eq!(twins[1].columns[1].name, "handle");
        assert_eq!(twins[1].columns[0].name, "tenant");
    }

    #[test]
    fn long_names_are_cut_to_the_limit() {
        let name = free_name(Dialect::Postgres, &"ä".repeat(60), &["ä".repeat(31)]);
        assert!(name.len() <= 63 && name.ends_with("_2"), "{name}");
    }
}
