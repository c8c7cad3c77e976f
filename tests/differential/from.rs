//! What stands in FROM.

use super::generator::{Col, Generator, Name, Scope, Source, bare};
use super::schema::{Kind, TABLES};
use crate::support::project::Db;

impl Generator<'_> {
    /// A table that no common table expression hides.
    pub fn some_table(&mut self) -> usize {
        let open: Vec<usize> =
            [0, 0, 0, 1, 1, 2].into_iter().filter(|at| !self.hidden.contains(at)).collect();
        self.c.one(&open)
    }

    /// Its name: bare, quoted, with its schema.
    pub fn table_name(&mut self, table: usize) -> String {
        let name = TABLES[table];
        let schema = if self.world.db == Db::Postgres { "public" } else { "main" };
        if self.world.db == Db::Mariadb {
            // Names of tables are files there, and its schema is a database of any name.
            return if self.c.once_in(4) { format!("`{name}`") } else { name.to_owned() };
        }
        match self.c.below(8) {
            1 => format!("\"{name}\""),
            2 => format!("{schema}.{name}"),
            3 => name.to_uppercase(),
            _ => name.to_owned(),
        }
    }

    /// One thing to select from.
    pub fn source(&mut self, outer: &[Source], depth: usize) -> (String, Source) {
        if !self.ctes.is_empty() && self.c.below(3) < 2 {
            let at = self.c.below(self.ctes.len());
            let (name, columns) = self.ctes[at].clone();
            let alias = self.alias();
            let source =
                Source { qualifier: alias.clone(), columns, key: Vec::new(), physical: false };
            return (format!("{name} AS {alias}"), source);
        }
        if depth > 0 && self.c.once_in(5) {
            return self.derived(outer, depth - 1);
        }
        let table = self.some_table();
        let alias = self.alias();
        let from = self.table_name(table);
        match self.c.below(3) {
            0 => (format!("{from} AS {alias}"), self.table(table, &alias)),
            _ => (format!("{from} {alias}"), self.table(table, &alias)),
        }
    }

    /// A table by itself, so that its name qualifies its columns.
    pub fn plain_table(&mut self) -> (String, Source) {
        let table = self.some_table();
        (self.table_name(table), self.table(table, TABLES[table]))
    }

    fn derived(&mut self, _outer: &[Source], depth: usize) -> (String, Source) {
        let (sql, columns) = if self.c.once_in(3) {
            let table = self.some_table();
            let from = self.table_name(table);
            (format!("SELECT * FROM {from}"), self.columns(table))
        } else {
            let kinds = self.kinds();
            let select = self.select(&kinds, &[], depth);
            (select.sql, select.columns)
        };
        let alias = self.alias();
        let source = Source { qualifier: alias.clone(), columns, key: Vec::new(), physical: false };
        (format!("({sql}) AS {alias}"), source)
    }

    /// The kinds of a select list.
    pub fn kinds(&mut self) -> Vec<Kind> {
        let all = [Kind::Text, Kind::Integer, Kind::Text, Kind::Boolean, Kind::Time, Kind::Numeric];
        (0..=self.c.below(3)).map(|_| self.c.one(&all)).collect()
    }

    /// One source or several, joined.
    pub fn from(&mut self, outer: &[Source], depth: usize) -> (String, Vec<Source>) {
        if self.ctes.is_empty() && self.c.once_in(4) {
            let (text, source) = self.plain_table();
            return (text, vec![source]);
        }
        let (mut text, first) = self.source(outer, depth);
        let mut sources = vec![first];
        let more = if depth == 0 { 0 } else { self.c.one(&[0, 0, 1, 1, 2]) };
        for _ in 0..more {
            let (next, source) = self.next_source(&sources, outer, depth);
            sources.push(source);
            let kinds =
                ["JOIN", "LEFT JOIN", ",", "CROSS JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN"];
            let lateral = next.starts_with("LATERAL");
            let known = kinds.len() - usize::from(self.world.db == Db::Mariadb);
            let mut kind = self.c.one(if lateral { &kinds[..2] } else { &kinds[..known] });
            // What stands before a comma is not in scope behind it, but on SQLite.
            if kind == "," && (sources.len() > 2 || more > 1 && self.world.db != Db::Sqlite) {
                kind = "JOIN";
            }
            text += &if kind == "," { ", ".to_owned() } else { format!(" {kind} ") };
            text += &next;
            if kind != "," && kind != "CROSS JOIN" {
                let scope = Scope::of(sources.clone());
                // PostgreSQL knows FULL JOIN on equations only.
                let before = std::mem::replace(&mut self.qualify, more > 1);
                let on = if kind == "FULL JOIN" {
                    self.equation(&sources)
                } else {
                    self.condition(&scope, 1)
                };
                self.qualify = before;
                text += &format!(" ON {on}");
            }
        }
        (text, sources)
    }

    fn next_source(
        &mut self,
        before: &[Source],
        outer: &[Source],
        depth: usize,
    ) -> (String, Source) {
        if self.world.db == Db::Postgres && self.c.once_in(6) {
            let kinds = self.kinds();
            let around: Vec<Source> = before.iter().chain(outer).cloned().collect();
            let select = self.select(&kinds, &around, 0);
            let alias = self.alias();
            let columns = select.columns;
            let source =
                Source { qualifier: alias.clone(), columns, key: Vec::new(), physical: false };
            return (format!("LATERAL ({}) AS {alias}", select.sql), source);
        }
        self.source(outer, depth - 1)
    }

    /// A column of the last source equals one of another.
    fn equation(&mut self, sources: &[Source]) -> String {
        let (last, others) = sources.split_last().unwrap();
        let of = if last.columns.iter().any(|col| col.kind == Kind::Text) {
            Kind::Text
        } else {
            Kind::Integer
        };
        let left = self.qualified(&others[0], of);
        let right = self.qualified(last, of);
        match (left, right) {
            (Some(left), Some(right)) => format!("{left} = {right}"),
            _ => "TRUE".to_owned(),
        }
    }

    fn qualified(&mut self, source: &Source, of: Kind) -> Option<String> {
        let columns: Vec<Col> =
            source.columns.iter().filter(|col| col.kind == of).cloned().collect();
        if columns.is_empty() {
            return None;
        }
        let name = columns[self.c.below(columns.len())].name.clone();
        Some(format!("{}.{}", source.qualifier, bare(&name)))
    }

    /// The columns that both have by the names of the code.
    pub fn shared(&self, a: &[Col], b: &[Col]) -> Vec<Name> {
        let named =
            |name: &Name| b.iter().any(|col| self.code_name(&col.name) == self.code_name(name));
        a.iter().map(|col| col.name.clone()).filter(|name| named(name)).collect()
    }
}
