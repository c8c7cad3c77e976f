//! Queries: select lists, grouping, order.

use super::generator::{Col, Generator, Name, Scope, Source, bare};
use super::schema::Kind;
use super::text::{Template, certain};
use crate::support::project::Db;

/// A query that can stand within another.
pub struct Select {
    pub sql: String,
    /// What it gives, by the names that it gives them.
    pub columns: Vec<Col>,
}

/// Names for the items of a select list; some are names of columns too.
const GIVEN: [&str; 8] = ["c", "c", "c", "c", "email", "handle", "username", "points"];

impl Generator<'_> {
    pub fn query(&mut self) -> Template {
        let (text, ordered) = match self.c.below(14) {
            0..=3 => self.ordered(),
            4 | 5 => self.grouped(),
            6 => self.set_operation(),
            7 => self.with(),
            8 => self.star(),
            9 => self.window(),
            10 => self.by_name(),
            11 => self.recursive(),
            12 => self.distinct(),
            _ => self.special(),
        };
        Template { text, returns: true, ordered, ..Template::default() }
    }

    /// SELECT … FROM … WHERE …, with items of these kinds.
    pub fn select(&mut self, kinds: &[Kind], outer: &[Source], depth: usize) -> Select {
        let (from, sources) = self.from(outer, depth);
        let scope = Scope { inner: sources, outer: outer.to_vec() };
        let (list, columns) = self.items(kinds, &scope, depth);
        let mut sql = format!("SELECT {list} FROM {from}");
        if self.c.once_in(2) {
            sql += &format!(" WHERE {}", self.condition(&scope, depth));
        }
        Select { sql, columns }
    }

    /// A select list, and what each item is called.
    pub fn items(&mut self, kinds: &[Kind], scope: &Scope, depth: usize) -> (String, Vec<Col>) {
        let (mut items, mut columns) = (Vec::new(), Vec::<Col>::new());
        for (at, kind) in kinds.iter().enumerate() {
            let plain = self.c.once_in(2).then(|| self.own_column(*kind, scope)).flatten();
            if let Some((text, name)) = plain
                && !columns.iter().any(|col| self.code_name(&col.name) == self.code_name(&name))
            {
                items.push(text);
                columns.push(Col { name, kind: *kind });
                continue;
            }
            let given = self.c.one(&GIVEN);
            let taken = columns.iter().any(|col| self.code_name(&col.name) == given);
            let given = if given == "c" || taken { format!("c{at}") } else { given.to_owned() };
            items.push(format!("{} AS {given}", self.expr(*kind, scope, depth)));
            columns.push(Col { name: Name::Given(given), kind: *kind });
        }
        (items.join(", "), columns)
    }

    /// A column by the code's name, which is then the name of the item.
    fn own_column(&mut self, kind: Kind, scope: &Scope) -> Option<(String, Name)> {
        let of_kind: Vec<(String, Name)> = scope
            .inner
            .iter()
            .flat_map(|source| {
                let columns = source.columns.iter().filter(|col| col.kind == kind);
                columns.map(|col| (source.qualifier.clone(), col.name.clone()))
            })
            .collect();
        if of_kind.is_empty() {
            return None;
        }
        let (qualifier, name) = of_kind[self.c.below(of_kind.len())].clone();
        let written = bare(&name);
        Some((format!("{qualifier}.{written}"), name))
    }

    /// In an order, by expression, alias or number.
    fn ordered(&mut self) -> (String, bool) {
        let (from, sources) = self.from(&[], 2);
        let scope = Scope::of(sources);
        let kinds = self.kinds();
        let (mut list, columns) = self.items(&kinds, &scope, 2);
        if self.c.once_in(3) {
            // As a column, with the name that was written.
            let of = self.comparable();
            if let Some(column) = self.column(of, &scope) {
                list += &format!(", {column}");
            }
        }
        let mut sql = format!("SELECT {list} FROM {from}");
        if self.c.once_in(2) {
            sql += &format!(" WHERE {}", self.condition(&scope, 2));
        }
        if self.c.once_in(3) {
            return (sql, false);
        }
        let alone = scope.inner.len() == 1 || matches!(columns[0].name, Name::Given(_));
        let by = match self.c.below(4) {
            0 => certain(&self.expr(kinds[0], &scope, 0)),
            2 if alone => bare(&columns[0].name),
            3 => certain(&self.expr(Kind::Text, &scope, 1)),
            _ => "1".to_owned(),
        };
        sql += &format!(" ORDER BY {by}{}", self.c.one(&["", " DESC", " ASC"]));
        match Self::total(&scope) {
            Some(total) => {
                sql += &format!(", {total}");
                sql += self.c.one(&["", " LIMIT 3", " LIMIT 2 OFFSET 1"]);
                // An outer join gives rows without a key.
                (sql, !from.contains("JOIN"))
            }
            None => (sql, false),
        }
    }

    fn grouped(&mut self) -> (String, bool) {
        let (from, sources) = self.from(&[], 1);
        let scope = Scope::of(sources);
        let of = self.comparable();
        let key = self.column(of, &scope).unwrap_or_else(|| self.literal(of));
        let key = certain(&key);
        let counted = self.column(Kind::Text, &scope).unwrap_or_else(|| "'a'".to_owned());
        let (label, by) = match self.c.below(6) {
            0 => (key.clone(), key.clone()),
            1 => (format!("{key} AS k"), "1".to_owned()),
            2 => (format!("{key} AS k"), key.clone()),
            3 => (format!("{key} AS k"), "k".to_owned()),
            4 => (format!("{key} AS email"), key.clone()),
            _ => ("max(1)".to_owned() + " AS m", key.clone()),
        };
        let total = self.aggregate(&counted);
        let mut sql = format!("SELECT {label}, {total} AS how_many FROM {from}");
        if self.c.once_in(2) {
            sql += &format!(" WHERE {}", self.condition(&scope, 1));
        }
        if self.world.db == Db::Postgres && by == key && self.c.once_in(6) {
            sql += &format!(" GROUP BY {}", self.c.one(&["ROLLUP", "CUBE"]));
            sql += &format!(" ({by})");
        } else {
            sql += &format!(" GROUP BY {by}");
        }
        match self.c.below(4) {
            1 => sql += &format!(" HAVING max({counted}) > {}", self.literal(Kind::Text)),
            2 => sql += " HAVING count(*) > 1",
            3 => sql += &format!(" ORDER BY {by}"),
            _ => {}
        }
        (sql, false)
    }

    fn aggregate(&mut self, of: &str) -> String {
        match self.c.below(6) {
            0 => "count(*)".to_owned(),
            1 => format!("count({of})"),
            2 => format!("count(DISTINCT {of})"),
            3 => format!("max({of})"),
            4 if self.world.db == Db::Mariadb => {
                format!("count(CASE WHEN {of} > 'b' THEN 1 END)")
            }
            4 => format!("count(*) FILTER (WHERE {of} > 'b')"),
            _ => format!("min(length({of}))"),
        }
    }

    fn distinct(&mut self) -> (String, bool) {
        let (from, sources) = self.from(&[], 1);
        let scope = Scope::of(sources);
        let kinds = self.kinds();
        let (list, _) = self.items(&kinds, &scope, 1);
        if self.world.db == Db::Postgres
            && let Some(total) = Self::total(&scope)
        {
            let on = certain(&self.expr(Kind::Text, &scope, 0));
            let sql =
                format!("SELECT DISTINCT ON ({on}) {list} FROM {from} ORDER BY {on}, {total}");
            return (sql, false);
        }
        (format!("SELECT DISTINCT {list} FROM {from} ORDER BY 1"), false)
    }

    fn window(&mut self) -> (String, bool) {
        let (from, sources) = self.from(&[], 1);
        let scope = Scope::of(sources);
        let key = self.column(Kind::Text, &scope).unwrap_or_else(|| "'a'".to_owned());
        let of = self.comparable();
        let other = self.expr(of, &scope, 0);
        let text = match self.c.below(4) {
            0 => {
                format!("SELECT {other} AS o, count(*) OVER (PARTITION BY {key}) AS n FROM {from}")
            }
            1 => {
                format!("SELECT rank() OVER (ORDER BY {key}, {other}) AS place, {key} FROM {from}")
            }
            2 => format!(
                "SELECT max({key}) OVER w AS m, {other} AS o FROM {from} WINDOW w AS (PARTITION \
                 BY {other})"
            ),
            _ => match Self::total(&scope) {
                Some(total) => format!(
                    "SELECT lag({key}) OVER (ORDER BY {total}) AS earlier, {key} AS k FROM {from}"
                ),
                None => format!("SELECT dense_rank() OVER (ORDER BY {key} DESC) AS n FROM {from}"),
            },
        };
        (text, false)
    }
}
