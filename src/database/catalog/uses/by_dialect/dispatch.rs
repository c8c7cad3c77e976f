//! Asks the reader of the kind of database for uses, triggers and foreign keys.

use sea_orm::{ConnectionTrait, DbErr};

use super::{mariadb, postgres, sqlite, sqlite_triggers_and_keys};
use crate::database::Dialect;
use crate::database::catalog::uses::foreign_key::ForeignKey;
use crate::database::catalog::uses::object::{Kind, Object};
use crate::database::catalog::uses::problem::{Problem, Use};
use crate::database::catalog::uses::subject::Subject;
use crate::database::catalog::uses::trigger::AppTrigger;
use crate::database::columns::listed;
use crate::model::{Identifier, TableName};

/// Reads every object of the database that a rename of the column by a copy would break, or that
/// would break the rename, apart from those that the catalog knows to depend on the column. Leaves
/// out handover's guards. Returns nothing if there is no such table.
///
/// Objects that the user may not see are missing: those of other sessions (temporary ones), and on
/// MariaDB routines, triggers and events without a privilege that shows them.
///
/// # Errors
/// The database reports an error.
pub async fn uses<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
    from: &Identifier,
    to: &Identifier,
) -> Result<Vec<Use>, DbErr> {
    let Some(found) = listed(connection, dialect, table).await? else {
        return Ok(Vec::new());
    };
    let subject = Subject {
        dialect,
        schema: found.schema,
        table: table.name.as_str().to_owned(),
        from: from.as_str().to_owned(),
        to: to.as_str().to_owned(),
        has_namesakes: false,
        sharers: Vec::new(),
    };
    let mut found = match dialect {
        Dialect::Sqlite => sqlite::uses(connection, &subject).await?,
        Dialect::Postgres => postgres::uses(connection, table, subject.clone()).await?,
        Dialect::MariaDb => mariadb::uses(connection, &subject).await?,
    };
    for key in foreign_keys(connection, dialect, table).await? {
        let schema = (dialect != Dialect::Sqlite).then_some(subject.schema.as_str());
        let object = Object::on(Kind::ForeignKey, schema, &subject.table, &key.name);
        for clause in key.writes(|name| subject.same_column(name)) {
            let problem = Problem::Cascades { column: subject.column(), clause };
            found.push(Use::certain(object.clone(), problem));
        }
    }
    Ok(found)
}

/// Reads the application's triggers and rules on a table, without those of handover.
///
/// # Errors
/// The database reports an error.
pub async fn triggers<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
) -> Result<Vec<AppTrigger>, DbErr> {
    match dialect {
        Dialect::Sqlite => sqlite_triggers_and_keys::triggers(connection, table).await,
        Dialect::Postgres => postgres::triggers(connection, table).await,
        Dialect::MariaDb => mariadb::triggers(connection, table).await,
    }
}

/// Reads the foreign keys from a table to others, and to itself.
///
/// # Errors
/// The database reports an error.
pub async fn foreign_keys<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    table: &TableName,
) -> Result<Vec<ForeignKey>, DbErr> {
    match dialect {
        Dialect::Sqlite => sqlite_triggers_and_keys::foreign_keys(connection, table).await,
        Dialect::Postgres => postgres::foreign_keys(connection, table).await,
        Dialect::MariaDb => mariadb::foreign_keys(connection, table).await,
    }
}
