//! Logical schemas: renamed columns, and columns of the same names that are not renamed.

use super::choices::Choices;
use crate::support::project::Db;

pub const TABLES: [&str; 3] = ["users", "posts", "tags"];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Numeric,
    Boolean,
    Time,
    Json,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub table: usize,
    pub from: &'static str,
    /// Its other name, if it is being renamed.
    pub to: Option<&'static str>,
    pub kind: Kind,
    /// Type and constraints in SQL.
    declared: String,
}

#[derive(Clone, Debug)]
pub struct Schema {
    pub columns: Vec<Column>,
    /// The columns of each table's primary key.
    pub keys: [Vec<usize>; 3],
    /// What an upsert into `users` can name: primary key and unique indexes.
    pub arbiters: Vec<Vec<usize>>,
    constraints: [String; 3],
    after: String,
}

impl Schema {
    pub fn new(db: Db, c: &mut Choices<'_>) -> Self {
        let mut schema = Self {
            columns: Vec::new(),
            keys: Default::default(),
            arbiters: Vec::new(),
            constraints: Default::default(),
            after: String::new(),
        };
        schema.users(db, c);
        schema.posts(db, c);
        schema.add(2, "username", None, Kind::Text, kind(db, Kind::Text));
        schema.add(2, "n", None, Kind::Integer, "integer");
        schema.add(2, "points", None, Kind::Integer, "integer");
        schema
    }

    fn users(&mut self, db: Db, c: &mut Choices<'_>) {
        let key = c.below(if db == Db::Sqlite { 5 } else { 4 });
        let id = self.add(0, "id", None, Kind::Integer, "integer");
        let shorter = c.once_in(3) && db != Db::Mariadb;
        let text = if shorter { "varchar(60)" } else { kind(db, Kind::Text) };
        let unique = c.below(5);
        let mut declared = text.to_owned();
        declared += match unique {
            1 => " UNIQUE",
            2 => " NOT NULL UNIQUE",
            _ => "",
        };
        // One that is computed, of which it is not known that it is always the same.
        let computed = match db {
            Db::Sqlite => " DEFAULT (substr('nones', 1, 4))",
            Db::Postgres => " DEFAULT 'none' || left(random()::text, 0)",
            Db::Mariadb => " DEFAULT concat('no', 'ne')",
        };
        declared += c.one(&["", " DEFAULT 'none'", " DEFAULT ''", computed]);
        if db == Db::Sqlite && c.once_in(4) {
            declared += " COLLATE NOCASE";
        }
        let name = self.add(0, "username", Some("handle"), Kind::Text, &declared);
        let email = self.add(0, "email", None, Kind::Text, kind(db, Kind::Text));
        let age = self.add(0, "age", None, Kind::Integer, "integer");
        let score = c.one(&[Kind::Integer, Kind::Numeric, Kind::Boolean, Kind::Time, Kind::Json]);
        let mut declared = kind(db, score).to_owned();
        if score == Kind::Integer {
            c.one(&["integer", "bigint", "integer DEFAULT 7"]).clone_into(&mut declared);
        }
        let to = c.once_in(2).then_some("points");
        self.add(0, "score", to, score, &declared);
        self.add(0, "active", None, Kind::Boolean, "boolean");
        self.add(0, "joined", None, Kind::Time, kind(db, Kind::Time));
        self.keys[0] = match key {
            0 => vec![id],
            1 => {
                let part = self.add(0, "part", None, Kind::Integer, "integer NOT NULL DEFAULT 0");
                vec![id, part]
            }
            2 => vec![email],
            3 => Vec::new(),
            _ => vec![name],
        };
        if unique == 3 {
            ", UNIQUE (username, age)".clone_into(&mut self.constraints[0]);
        }
        if unique == 4 {
            "CREATE INDEX by_username ON users (username);".clone_into(&mut self.after);
        }
        self.arbiters = [
            (!self.keys[0].is_empty()).then(|| self.keys[0].clone()),
            (unique == 1 || unique == 2).then(|| vec![name]),
            (unique == 3).then(|| vec![name, age]),
        ]
        .into_iter()
        .flatten()
        .collect();
    }

    fn posts(&mut self, db: Db, c: &mut Choices<'_>) {
        let id = self.add(1, "id", None, Kind::Integer, "integer");
        self.keys[1] = vec![id];
        self.add(1, "user_id", None, Kind::Integer, "integer");
        let title = c.one(&[Kind::Text, Kind::Integer, Kind::Time]);
        let to = c.once_in(2).then_some("headline");
        self.add(1, "title", to, title, kind(db, title));
        self.add(1, "handle", None, Kind::Text, kind(db, Kind::Text));
    }

    fn add(
        &mut self,
        table: usize,
        from: &'static str,
        to: Option<&'static str>,
        kind: Kind,
        declared: &str,
    ) -> usize {
        self.columns.push(Column { table, from, to, kind, declared: declared.to_owned() });
        self.columns.len() - 1
    }

    /// The columns of a table.
    pub fn of(&self, table: usize) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.columns.len()).filter(move |at| self.columns[*at].table == table)
    }

    /// The column that may get another type: no constraint needs it.
    pub fn retypable(&self) -> Option<usize> {
        let free = !self.constraints[0].contains("age");
        self.columns.iter().position(|column| column.from == "age").filter(|_| free)
    }

    /// The same with a column of another type.
    pub fn with_type(&self, column: usize, sql_type: &str) -> Self {
        let mut schema = self.clone();
        sql_type.clone_into(&mut schema.columns[column].declared);
        schema
    }

    /// The columns that are being renamed.
    pub fn renamed(&self) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(|at| self.columns[*at].to.is_some())
    }

    /// The tables, with the name of each column that `name` gives, and those that are `last`
    /// after all others.
    pub fn tables(
        &self,
        name: impl Fn(usize) -> &'static str,
        last: impl Fn(usize) -> bool,
    ) -> String {
        let mut sql = String::new();
        for (table, constraints) in self.constraints.iter().enumerate() {
            let mut columns: Vec<_> = self.of(table).collect();
            columns.sort_by_key(|at| last(*at));
            let columns: Vec<_> = columns
                .into_iter()
                .map(|at| format!("{} {}", name(at), self.columns[at].declared))
                .collect();
            let key: Vec<_> = self.keys[table].iter().map(|at| name(*at)).collect();
            let key = match key.len() {
                0 => String::new(),
                _ => format!(", PRIMARY KEY ({})", key.join(", ")),
            };
            let constraints = self.named(constraints, &name);
            let columns = columns.join(", ");
            sql += &format!("CREATE TABLE {} ({columns}{key}{constraints});\n", TABLES[table]);
        }
        sql + &self.named(&self.after, &name)
    }

    fn named(&self, sql: &str, name: &impl Fn(usize) -> &'static str) -> String {
        self.renamed().fold(sql.to_owned(), |sql, at| {
            let own = format!("({}", self.columns[at].from);
            sql.replace(&own, &format!("({}", name(at)))
        })
    }

    /// The rows that every case begins with, one statement a row.
    pub fn rows(&self, db: Db, name: impl Fn(usize) -> &'static str) -> String {
        let mut sql = String::new();
        for (table, rows) in [4, 4, 3].into_iter().enumerate() {
            let names: Vec<_> = self.of(table).map(&name).collect();
            for row in 0..rows {
                let values: Vec<_> = self.of(table).map(|at| self.value(db, at, row)).collect();
                sql += &format!(
                    "INSERT INTO {} ({}) VALUES ({});\n",
                    TABLES[table],
                    names.join(", "),
                    values.join(", ")
                );
            }
        }
        sql
    }

    fn value(&self, db: Db, at: usize, row: usize) -> String {
        let Column { table, from, kind, declared, .. } = &self.columns[at];
        let required = self.keys[*table].contains(&at) || declared.contains("NOT NULL");
        let text = ["ada", "Bob", "cyd", "dan"];
        match (*from, kind) {
            ("id" | "n", _) => (row + 1).to_string(),
            ("part", _) => "0".to_owned(),
            ("user_id", _) => [1, 1, 2, 9][row].to_string(),
            ("username", _) if row == 2 && !required => "NULL".to_owned(),
            ("email", _) if row == 1 && !required => "NULL".to_owned(),
            ("email", _) => format!("'{}'", ["a@x", "b@x", "ada", "Bob"][row]),
            (_, Kind::Text) if *table > 0 => format!("'{}'", ["ada", "eve", "Bob", ""][row]),
            (_, Kind::Text) => format!("'{}'", text[row]),
            (_, _) if row == 3 => "NULL".to_owned(),
            _ => literal(db, *kind, row + usize::from(*table == 2)),
        }
    }
}

/// A value of this kind in SQL; equal numbers give equal ones.
pub fn literal(db: Db, kind: Kind, number: usize) -> String {
    match kind {
        Kind::Text => format!("'{}'", ["ada", "Bob", "cyd", "", "it''s", "none"][number % 6]),
        Kind::Integer => (number % 5).to_string(),
        Kind::Numeric => ["1.5", "2.25", "10", "0.5"][number % 4].to_owned(),
        Kind::Boolean => ["TRUE", "FALSE"][number % 2].to_owned(),
        Kind::Time => {
            let word = if db == Db::Sqlite { "" } else { "TIMESTAMP " };
            format!("{word}'2024-01-0{} 10:00:00'", number % 4 + 1)
        }
        Kind::Json => {
            let value = [r#"{"a": 1}"#, r#"{"a": 2}"#, "[]"][number % 3];
            if db == Db::Postgres { format!("'{value}'::jsonb") } else { format!("'{value}'") }
        }
    }
}

/// The type of this kind.
pub fn kind(db: Db, kind: Kind) -> &'static str {
    match (db, kind) {
        (_, Kind::Integer) => "integer",
        (_, Kind::Numeric) => "numeric(8, 2)",
        (_, Kind::Boolean) => "boolean",
        // A timestamp changes by itself, a text has no length for an index, and json is checked.
        (Db::Mariadb, Kind::Time) => "datetime",
        (Db::Mariadb, Kind::Text | Kind::Json) => {
            "varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        }
        (_, Kind::Time) => "timestamp",
        (Db::Postgres, Kind::Json) => "jsonb",
        (_, Kind::Text | Kind::Json) => "text",
    }
}
