//! Upserts, writes from other tables, and what only one database has.

use super::generator::{Col, Generator, Name, Scope, Source, bare};
use super::schema::{Kind, TABLES};
use super::text::{Template, own};
use crate::support::project::Db;

impl Generator<'_> {
    pub fn upsert(&mut self) -> Template {
        if self.world.db == Db::Mariadb {
            return self.on_duplicate_key();
        }
        let arbiters = self.world.schema.arbiters.clone();
        let target = match self.c.below(5) {
            0 => Vec::new(),
            _ if arbiters.is_empty() => Vec::new(),
            _ => arbiters[self.c.below(arbiters.len())].clone(),
        };
        let mut columns = self.some_columns(0);
        columns.extend(target.clone());
        columns.sort_unstable();
        columns.dedup();
        let alias = self.c.once_in(4);
        let qualifier = if alias { "u" } else { "users" };
        let into = if alias { "users AS u".to_owned() } else { self.table_name(0) };
        let source = if self.c.once_in(6) {
            self.one_row(&columns)
        } else {
            format!("VALUES {}", self.rows(&columns, 2))
        };
        let list = Self::list(&columns);
        let conflict = match target.len() {
            0 => String::new(),
            _ => format!(" ({})", Self::list(&target)),
        };
        let action = if target.is_empty() || self.c.once_in(5) {
            "NOTHING".to_owned()
        } else {
            let scope = Scope::of(vec![self.table(0, qualifier), self.table(0, "excluded")]);
            let set = match self.c.below(3) {
                0 => {
                    let given: Vec<_> = columns.iter().filter(|at| !target.contains(at)).collect();
                    let given = if given.is_empty() { vec![&columns[0]] } else { given };
                    let set =
                        given.iter().map(|at| format!("{} = excluded.{}", own(**at), own(**at)));
                    set.collect::<Vec<_>>().join(", ")
                }
                _ => self.assignments(0, &scope),
            };
            let condition = if self.c.once_in(3) {
                format!(" WHERE {}", self.condition(&scope, 1))
            } else {
                String::new()
            };
            format!("UPDATE SET {set}{condition}")
        };
        let text =
            format!("INSERT INTO {into} ({list}) {source} ON CONFLICT{conflict} DO {action}");
        self.returning(text, 0, qualifier)
    }

    /// A row from a query of no table.
    fn one_row(&mut self, columns: &[usize]) -> String {
        let values: Vec<_> = columns.iter().map(|at| self.literal(self.kind(*at))).collect();
        format!("SELECT {}", values.join(", "))
    }

    /// MariaDB's upsert: whichever unique key it is that the row meets.
    fn on_duplicate_key(&mut self) -> Template {
        let columns = self.some_columns(0);
        let (into, list) = (self.table_name(0), Self::list(&columns));
        let source = if self.c.once_in(4) {
            let dual = if self.c.once_in(2) { " FROM DUAL" } else { "" };
            format!("{}{dual}", self.one_row(&columns))
        } else {
            format!("VALUES {}", self.rows(&columns, 2))
        };
        let scope = Scope::of(vec![self.table(0, "users")]);
        let set = if self.c.once_in(2) {
            let set = columns.iter().map(|at| format!("{} = VALUES({})", own(*at), own(*at)));
            set.collect::<Vec<_>>().join(", ")
        } else {
            self.assignments(0, &scope)
        };
        let text = format!("INSERT INTO {into} ({list}) {source} ON DUPLICATE KEY UPDATE {set}");
        self.returning(text, 0, "users")
    }

    /// Another table, at most one row of which belongs to each row of the target: as a source,
    /// and the condition.
    pub fn update_source(&mut self, qualifier: &str, table: usize) -> (String, Source, String) {
        let other = self.some_table();
        let alias = self.alias();
        let key = bare(&self.columns(table)[0].name);
        let first = self.columns(other)[0].clone();
        let scope = Scope::of(vec![self.table(other, "x")]);
        let text = self.column(Kind::Text, &scope).unwrap();
        let given = self.c.one(&["m", "handle", "username"]);
        let by = bare(&first.name);
        let from = format!(
            "(SELECT x.{by} AS g, max({text}) AS {given} FROM {} x GROUP BY x.{by}) AS {alias}",
            TABLES[other]
        );
        let columns = vec![
            Col { name: Name::Given("g".to_owned()), kind: first.kind },
            Col { name: Name::Given(given.to_owned()), kind: Kind::Text },
        ];
        let on = format!("CAST({alias}.g AS text) = CAST({qualifier}.{key} AS text)");
        let source = Source { qualifier: alias, columns, key: Vec::new(), physical: false };
        (from, source, on)
    }

    /// Writes in a form that one database has.
    pub fn other_write(&mut self) -> Template {
        match (self.world.db, self.c.below(3)) {
            (Db::Postgres, 0) => self.merge(),
            (Db::Postgres, _) => self.within_query(),
            (Db::Sqlite, 0) => {
                let scope = Scope::of(vec![self.table(0, "users")]);
                let set = self.assignments(0, &scope);
                let how = self.c.one(&["OR IGNORE", "OR REPLACE"]);
                let condition = self.condition(&scope, 1);
                let text = format!("UPDATE {how} users SET {set} WHERE {condition}");
                self.returning(text, 0, "users")
            }
            (Db::Mariadb, _) => {
                let columns = self.some_columns(0);
                let set: Vec<_> = columns
                    .iter()
                    .map(|at| format!("{} = {}", own(*at), self.literal(self.kind(*at))))
                    .collect();
                let verb = self.c.one(&["INSERT INTO", "REPLACE INTO", "INSERT IGNORE INTO"]);
                self.returning(format!("{verb} users SET {}", set.join(", ")), 0, "users")
            }
            _ => {
                // The expression is for the statement, whatever it is called.
                let kinds = [Kind::Integer, Kind::Text];
                let select = self.select(&kinds, &[], 1);
                let name = self.c.one(&["w", "handle"]);
                let scope = Scope::of(vec![self.table(0, "users")]);
                let condition = self.condition(&scope, 1);
                let column = own(self.renamed_of(0));
                let text = format!(
                    "WITH {name}(a, b) AS ({}) UPDATE users SET {column} = (SELECT max(b) FROM \
                     {name}) WHERE {condition}",
                    select.sql
                );
                self.returning(text, 0, "users")
            }
        }
    }

    pub fn renamed_of(&mut self, table: usize) -> usize {
        let schema = &self.world.schema;
        let renamed: Vec<_> =
            schema.renamed().filter(|at| schema.columns[*at].table == table).collect();
        self.c.one(&renamed)
    }

    fn merge(&mut self) -> Template {
        let source = self.some_table();
        let (u, s) = (self.table(0, "u"), self.table(source, "s"));
        let scope = Scope::of(vec![u, s.clone()]);
        let set = self.assignments(0, &scope);
        let columns = self.some_columns(0);
        let only = Scope::of(vec![s]);
        let values: Vec<_> = columns.iter().map(|at| self.expr(self.kind(*at), &only, 1)).collect();
        let (on, list) = (bare(&self.columns(source)[0].name), Self::list(&columns));
        let condition = self.condition(&scope, 1);
        let matched = self.c.one(&["UPDATE SET ", "DELETE"]);
        let matched =
            if matched == "DELETE" { matched.to_owned() } else { matched.to_owned() + &set };
        let text = format!(
            "MERGE INTO users AS u USING {} AS s ON CAST(s.{on} AS text) = CAST(u.id AS text) \
             WHEN MATCHED AND {condition} THEN {matched} WHEN NOT MATCHED THEN INSERT ({list}) \
             VALUES ({})",
            TABLES[source],
            values.join(", ")
        );
        Template { text, target: Some(0), ..Template::default() }
    }

    /// A write in a common table expression.
    fn within_query(&mut self) -> Template {
        let scope = Scope::of(vec![self.table(0, "users")]);
        let condition = self.condition(&scope, 1);
        let kinds = self.kinds();
        let (list, columns) = self.items(&kinds, &scope, 0);
        let write = match self.c.below(3) {
            0 => format!("DELETE FROM users WHERE {condition}"),
            1 => format!("UPDATE users SET {} WHERE {condition}", self.assignments(0, &scope)),
            _ => {
                let columns = self.some_columns(0);
                let rows = self.rows(&columns, 2);
                format!("INSERT INTO users ({}) VALUES {rows}", Self::list(&columns))
            }
        };
        let first = bare(&columns[0].name);
        let tail = self.c.one(&["SELECT * FROM w", "SELECT count(*) AS n FROM w"]);
        let tail =
            if self.c.once_in(2) { format!("SELECT w.{first} FROM w") } else { tail.to_owned() };
        let text = format!("WITH w AS ({write} RETURNING {list}) {tail}");
        Template { text, returns: true, target: Some(0), ..Template::default() }
    }

    /// A value that is another one each time it is computed: written once, whatever else.
    pub fn once(&mut self) -> Template {
        let at = self.renamed_of(0);
        if self.kind(at) != Kind::Text {
            return self.upsert();
        }
        let values = match self.world.db {
            Db::Mariadb => ["uuid()", "concat('r', rand())"],
            _ => ["CAST(random() AS text)", "'r' || random()"],
        };
        let (name, value) = (own(at), self.c.one(&values));
        let id = self.c.below(20) + 20;
        let condition = self.condition(&Scope::of(vec![self.table(0, "users")]), 1);
        let text = match self.c.below(4) {
            0 => format!("INSERT INTO users (id, email, {name}) VALUES ({id}, 'e{id}', {value})"),
            1 => format!("UPDATE users SET {name} = {value} WHERE {condition}"),
            2 => format!(
                "INSERT INTO users (id, email, {name}) VALUES ({id}, 'e{id}', {value}), (50, 'x', \
                 'plain')"
            ),
            _ => {
                let longer = self.joined(&name.to_string(), value);
                format!("UPDATE users SET email = {name}, {name} = {longer}")
            }
        };
        Template { text, target: Some(0), volatile: true, ..Template::default() }
    }
}
