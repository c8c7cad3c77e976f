//! Statements sent as text, so that every value comes back as text, whatever its type.

use std::fmt::Write;

use futures_util::TryStreamExt;
use handover::Dialect;
use sea_orm::sqlx::{
    self, AssertSqlSafe, Column, Connection, Either, MySqlConnection, PgConnection, Row, ValueRef,
};

use super::{mariadb, postgres};

/// A server that tests have of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Postgres,
    Mariadb,
}

/// A connection to an empty database, which ends with it.
pub struct Connected {
    connection: Protocol,
    _database: Database,
}

enum Protocol {
    Postgres(Box<PgConnection>),
    Mariadb(Box<MySqlConnection>),
}

enum Database {
    Postgres { _it: postgres::Database },
    Mariadb { _it: mariadb::Database },
}

/// What a text did: the columns and values of all rows, and how many rows the server counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub affected: u64,
}

impl Server {
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::Postgres => Dialect::Postgres,
            Self::Mariadb => Dialect::MariaDb,
        }
    }

    pub async fn connect(self) -> Connected {
        match self {
            Self::Postgres => {
                let database = postgres::fresh_database();
                let connection = PgConnection::connect(&database.url).await.unwrap();
                Connected {
                    connection: Protocol::Postgres(Box::new(connection)),
                    _database: Database::Postgres { _it: database },
                }
            }
            Self::Mariadb => {
                let database = mariadb::fresh_database();
                let connection = MySqlConnection::connect(&database.url).await.unwrap();
                Connected {
                    connection: Protocol::Mariadb(Box::new(connection)),
                    _database: Database::Mariadb { _it: database },
                }
            }
        }
    }

    /// A value of a test's list, in SQL.
    pub fn literal(value: &str) -> String {
        match value {
            "NULL" => value.to_owned(),
            number if number.parse::<i64>().is_ok() => number.to_owned(),
            text => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

impl Connected {
    /// Sends a text; an error is the class that the server gives it and its message.
    pub async fn send(&mut self, sql: &str) -> Result<Answer, (String, String)> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let answer = match &mut self.connection {
            Protocol::Postgres(connection) => {
                let mut stream = text.fetch_many(&mut **connection);
                let mut answer = Answer::default();
                loop {
                    match stream.try_next().await {
                        Ok(None) => break Ok(answer),
                        Ok(Some(Either::Left(done))) => answer.affected += done.rows_affected(),
                        Ok(Some(Either::Right(row))) => {
                            let value = |at| {
                                let value = row.try_get_raw(at).unwrap();
                                (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
                            };
                            answer.push(row.columns(), value);
                        }
                        Err(error) => break Err(error),
                    }
                }
            }
            Protocol::Mariadb(connection) => {
                let mut stream = text.fetch_many(&mut **connection);
                let mut answer = Answer::default();
                loop {
                    match stream.try_next().await {
                        Ok(None) => break Ok(answer),
                        Ok(Some(Either::Left(done))) => answer.affected += done.rows_affected(),
                        Ok(Some(Either::Right(row))) => {
                            let value = |at| {
                                row.try_get_unchecked::<Option<Vec<u8>>, _>(at)
                                    .unwrap()
                                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                            };
                            answer.push(row.columns(), value);
                        }
                        Err(error) => break Err(error),
                    }
                }
            }
        };
        answer.map_err(|error| {
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            (code.unwrap_or_default().into_owned(), error.to_string())
        })
    }

    /// Sends a text that is to succeed.
    pub async fn sql(&mut self, sql: &str) -> Answer {
        self.send(sql).await.unwrap_or_else(|(_, error)| panic!("{sql}: {error}"))
    }
}

impl Answer {
    fn push<C: Column>(&mut self, columns: &[C], value: impl Fn(usize) -> Option<String>) {
        if self.names.is_empty() {
            self.names = columns.iter().map(|column| column.name().to_owned()).collect();
        }
        let text = |at| value(at).unwrap_or_else(|| "NULL".to_owned());
        self.rows.push((0..columns.len()).map(text).collect());
    }

    /// The rows, one a line.
    pub fn table(&self) -> String {
        self.rows.iter().fold(String::new(), |mut text, row| {
            writeln!(text, "{}", row.join(" | ")).unwrap();
            text
        })
    }
}
