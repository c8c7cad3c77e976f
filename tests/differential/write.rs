//! Statements that write.

use super::generator::{Generator, Scope, bare};
use super::schema::{Kind, TABLES};
use super::text::{Template, both, own};
use crate::support::project::Db;

impl Generator<'_> {
    pub fn write(&mut self) -> Template {
        match self.c.below(12) {
            0..=2 => self.insert(),
            3..=5 => self.upsert(),
            6..=8 => self.update(),
            9 => self.delete(),
            10 => self.other_write(),
            _ => self.once(),
        }
    }

    /// Columns to give values for, the key among them.
    pub fn some_columns(&mut self, table: usize) -> Vec<usize> {
        let mut chosen = Vec::new();
        for at in self.world.schema.of(table) {
            let key = self.world.schema.keys[table].contains(&at);
            let renamed = self.world.schema.columns[at].to.is_some();
            if key || self.c.below(if renamed { 4 } else { 2 }) == 0 {
                chosen.push(at);
            }
        }
        if chosen.is_empty() {
            chosen.extend(self.world.schema.of(table).next());
        }
        let turn = self.c.below(chosen.len());
        chosen.rotate_left(turn);
        chosen
    }

    /// A value for a column of a new row.
    fn value(&mut self, at: usize) -> String {
        let column = &self.world.schema.columns[at];
        let (kind, key) = (column.kind, self.world.schema.keys[column.table].contains(&at));
        if key && kind == Kind::Integer {
            return match self.c.below(4) {
                3 => (self.c.below(5) + 1).to_string(),
                _ => (self.c.below(900) + 100).to_string(),
            };
        }
        match self.c.below(12) {
            8 => "NULL".to_owned(),
            9 if self.world.db != Db::Sqlite => "DEFAULT".to_owned(),
            10 => self.expr(kind, &Scope::default(), 2),
            11 => format!("({})", self.expr(kind, &Scope::default(), 1)),
            _ if kind == Kind::Text && self.c.once_in(2) => {
                format!("'new{}'", self.c.below(40))
            }
            _ => self.literal(kind),
        }
    }

    pub fn rows(&mut self, columns: &[usize], most: usize) -> String {
        let mut rows = Vec::new();
        for _ in 0..=self.c.below(most) {
            let values: Vec<_> = columns.iter().map(|at| self.value(*at)).collect();
            rows.push(format!("({})", values.join(", ")));
        }
        rows.join(", ")
    }

    pub fn list(columns: &[usize]) -> String {
        let names: Vec<_> = columns.iter().map(|at| own(*at).to_string()).collect();
        names.join(", ")
    }

    fn insert(&mut self) -> Template {
        let table = self.some_table();
        let into = self.table_name(table);
        let columns = self.some_columns(table);
        let list = Self::list(&columns);
        let verb = match (self.world.db, self.c.below(8)) {
            (Db::Sqlite, 5) => "INSERT OR IGNORE",
            (Db::Sqlite, 6) => "INSERT OR REPLACE",
            (Db::Mariadb, 5 | 6) => "INSERT IGNORE",
            (Db::Sqlite | Db::Mariadb, 7) => "REPLACE",
            _ => "INSERT",
        };
        let text = match self.c.below(8) {
            // Which rows are there at the end would depend on which of them comes last.
            5 | 6 if verb == "INSERT" => {
                let kinds: Vec<_> =
                    columns.iter().map(|at| self.world.schema.columns[*at].kind).collect();
                let select = self.select(&kinds, &[], 1);
                format!("{verb} INTO {into} ({list}) {}", select.sql)
            }
            7 if self.of_unknown(table, verb) => self.by_position(&into),
            7 if self.world.in_order(table) => {
                let all: Vec<_> = self.world.schema.of(table).collect();
                format!("{verb} INTO {into} VALUES {}", self.rows(&all, 2))
            }
            4 if self.c.once_in(3) => match self.world.db {
                Db::Mariadb => format!("{verb} INTO {into} VALUES ()"),
                _ => format!("{verb} INTO {into} DEFAULT VALUES"),
            },
            _ => format!("{verb} INTO {into} ({list}) VALUES {}", self.rows(&columns, 3)),
        };
        self.returning(text, table, TABLES[table])
    }

    /// Whether to insert by position from a table of which the shim knows nothing. Which rows are
    /// there at the end would depend on their order, if they replaced each other.
    fn of_unknown(&mut self, table: usize, verb: &str) -> bool {
        let known = self.world.db != Db::Postgres && !verb.contains("REPLACE");
        known && table == 0 && self.world.in_order(0) && self.c.once_in(2)
    }

    /// As many values as `users` has columns: three of them are those of `tags`.
    fn by_position(&mut self, into: &str) -> String {
        let alias = self.alias();
        let columns: Vec<usize> = self.world.schema.of(0).skip(4).collect();
        let key = self.c.one(&["n + 100", "n + 100", "n"]);
        let mut items = vec![format!("{alias}.{key}"), format!("{alias}.*")];
        items.extend(columns.iter().map(|at| self.literal(self.kind(*at))));
        let mut tail =
            self.c.one(&["", " ORDER BY 1", " LIMIT 2", " ORDER BY 1 LIMIT 1"]).to_owned();
        if self.world.db == Db::Mariadb && self.c.once_in(3) {
            let at = self.renamed_of(0);
            let (name, email) = (own(at), bare(&self.columns(0)[2].name));
            tail += &format!(
                " ON DUPLICATE KEY UPDATE {name} = VALUES({name}), {email} = users.{name}"
            );
        }
        format!("INSERT INTO {into} SELECT {} FROM tags {alias}{tail}", items.join(", "))
    }

    /// With RETURNING, or without.
    pub fn returning(&mut self, text: String, table: usize, qualifier: &str) -> Template {
        let target = Some(table);
        let known = self.world.db != Db::Mariadb || !text.starts_with("UPDATE");
        if self.c.below(3) < 2 || !known {
            return Template { text, target, ..Template::default() };
        }
        let scope = Scope::of(vec![self.table(table, qualifier)]);
        let kinds = self.kinds();
        // SQLite knows no alias there.
        let alias = self.world.db == Db::Sqlite && qualifier != TABLES[table];
        let list = match self.c.below(4) {
            0 => "*".to_owned(),
            _ if alias => {
                let columns = self.columns(table);
                let at = self.c.below(columns.len());
                bare(&columns[at].name)
            }
            1 => {
                let of = self.comparable();
                self.column(of, &scope).unwrap_or_else(|| "1 AS one".to_owned())
            }
            _ => self.items(&kinds, &scope, 0).0,
        };
        let text = format!("{text} RETURNING {list}");
        Template { text, returns: true, target, ..Template::default() }
    }

    /// Assignments to columns of a table.
    pub fn assignments(&mut self, table: usize, scope: &Scope) -> String {
        let columns = &self.world.schema.columns;
        let mut open: Vec<usize> = self.world.schema.of(table).skip(1).collect();
        // Those that are renamed are what it is about.
        open.sort_by_key(|at| columns[*at].to.is_none());
        let mut set = Vec::new();
        for _ in 0..=self.c.below(3) {
            let at = open.remove(self.c.below(open.len()));
            let kind = columns[at].kind;
            let value = match self.c.below(6) {
                0 => self.literal(kind),
                1 if self.world.db != Db::Sqlite => "DEFAULT".to_owned(),
                _ => self.expr(kind, scope, 2),
            };
            let plain = !value.contains(|char: char| u32::from(char) >= 0xE000);
            let twice = if plain && self.c.once_in(8) { both(at, &value) } else { String::new() };
            set.push(format!("{} = {value}{twice}", own(at)));
            if open.is_empty() {
                break;
            }
        }
        set.join(", ")
    }

    /// Two columns of one kind, or a renamed one twice.
    fn pair(&mut self, table: usize) -> (usize, usize) {
        let columns: Vec<usize> = self.world.schema.of(table).collect();
        let of = |at: &usize| self.world.schema.columns[*at].kind;
        let a = columns.iter().copied().find(|at| of(at) == Kind::Text).unwrap_or(columns[0]);
        let b = columns.iter().copied().rev().find(|at| of(at) == of(&a)).unwrap_or(a);
        (a, b)
    }

    fn update(&mut self) -> Template {
        let table = self.some_table();
        let (target, qualifier) = match self.c.below(3) {
            0 => (self.table_name(table), TABLES[table].to_owned()),
            1 => (TABLES[table].to_owned(), TABLES[table].to_owned()),
            _ => {
                let alias = self.alias();
                (format!("{} AS {alias}", TABLES[table]), alias)
            }
        };
        let own_table = self.table(table, &qualifier);
        let mut scope = Scope::of(vec![own_table]);
        let mut from = String::new();
        let mariadb = self.world.db == Db::Mariadb;
        if self.c.once_in(4) && !mariadb {
            let (text, source, on) = self.update_source(&qualifier, table);
            from = format!(" FROM {text} WHERE {on}");
            scope.inner.push(source);
        }
        let (a, b) = self.pair(table);
        let set = match self.c.below(8) {
            0 if a != b => format!("{} = {}{qualifier}.{}", own(a), "", own(b)),
            1 if a != b => {
                format!("{} = {qualifier}.{}, {} = {qualifier}.{}", own(a), own(b), own(b), own(a))
            }
            2 if a != b && !mariadb => {
                let (x, y) =
                    (self.expr(self.kind(a), &scope, 1), self.expr(self.kind(b), &scope, 1));
                format!("({}, {}) = ({x}, {y})", own(a), own(b))
            }
            3 if a != b && from.is_empty() && !mariadb => {
                let inner = self.table(table, "z");
                let x = self.expr(self.kind(a), &Scope::of(vec![inner.clone()]), 0);
                let y = self.expr(self.kind(b), &Scope::of(vec![inner]), 0);
                let key = bare(&self.columns(table)[0].name);
                format!(
                    "({}, {}) = (SELECT {x}, {y} FROM {} z WHERE z.{key} = {qualifier}.{key})",
                    own(a),
                    own(b),
                    TABLES[table]
                )
            }
            _ => self.assignments(table, &scope),
        };
        let condition = self.condition(&scope, 2);
        let word = if from.is_empty() { "WHERE" } else { "AND" };
        let text = format!("UPDATE {target} SET {set}{from} {word} {condition}");
        self.returning(text, table, &qualifier)
    }

    pub fn kind(&self, at: usize) -> Kind {
        self.world.schema.columns[at].kind
    }

    fn delete(&mut self) -> Template {
        let table = self.some_table();
        let alias = self.alias();
        let (target, qualifier) = match self.c.below(2) {
            _ if self.world.db == Db::Mariadb => (self.table_name(table), TABLES[table].to_owned()),
            0 => (self.table_name(table), TABLES[table].to_owned()),
            _ => (format!("{} AS {alias}", TABLES[table]), alias),
        };
        let mut scope = Scope::of(vec![self.table(table, &qualifier)]);
        let mut using = String::new();
        if self.world.db == Db::Postgres && self.c.once_in(3) {
            let (text, source, on) = self.update_source(&qualifier, table);
            using = format!(" USING {text} WHERE {on}");
            scope.inner.push(source);
        }
        let condition = self.condition(&scope, 2);
        let word = if using.is_empty() { "WHERE" } else { "AND" };
        let text = format!("DELETE FROM {target}{using} {word} {condition}");
        self.returning(text, table, &qualifier)
    }
}
