//! Queries of more than one SELECT, stars, and joins by name.

use super::generator::{Col, Generator, Name, Scope, bare};
use super::schema::{Kind, TABLES};
use crate::support::project::Db;

impl Generator<'_> {
    pub fn set_operation(&mut self) -> (String, bool) {
        let kinds = self.kinds();
        let first = self.select(&kinds, &[], 1);
        let mut sql = first.sql;
        for _ in 0..self.c.one(&[1, 1, 2]) {
            let operator = self.c.one(&["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]);
            let next = self.select(&kinds, &[], 1);
            sql += &format!(" {operator} {}", next.sql);
        }
        match self.c.below(3) {
            1 => sql += " ORDER BY 1",
            2 => {
                // SQLite looks for a name that is not given with AS in the tables.
                if let Name::Given(given) = &first.columns[0].name {
                    sql += &format!(" ORDER BY {given}");
                }
            }
            _ => {}
        }
        (sql, false)
    }

    /// Common table expressions, of which one may hide a table.
    pub fn with(&mut self) -> (String, bool) {
        let mut expressions = Vec::new();
        for number in 0..self.c.one(&[1, 1, 2]) {
            let hides = (number == 0 && self.c.once_in(3)).then(|| self.c.below(3));
            // SQLite takes a table of the same name within for the expression itself.
            self.hidden.extend(hides.filter(|_| self.world.db != Db::Postgres));
            let kinds = self.kinds();
            let select = self.select(&kinds, &[], 1);
            let name = hides.map_or_else(|| format!("w{number}"), |at| TABLES[at].to_owned());
            let mut columns = select.columns;
            let listed = self.c.once_in(3);
            if listed {
                for (at, col) in columns.iter_mut().enumerate() {
                    let odd = at == 0 && self.c.once_in(2);
                    let given = if odd { "handle".to_owned() } else { format!("v{at}") };
                    col.name = Name::Given(given);
                }
            }
            let list: Vec<_> = columns.iter().map(|col| bare(&col.name)).collect();
            let list = if listed { format!("({})", list.join(", ")) } else { String::new() };
            let how = self.c.one(&["", "", "", "MATERIALIZED ", "NOT MATERIALIZED "]);
            let how = if self.world.db == Db::Postgres { how } else { "" };
            expressions.push(format!("{name}{list} AS {how}({})", select.sql));
            if self.world.db == Db::Postgres {
                self.hidden.extend(hides);
            }
            self.ctes.push((name, columns));
        }
        let kinds = self.kinds();
        let body = if self.c.once_in(5) {
            let name = &self.ctes[0].0;
            format!("SELECT * FROM {name}")
        } else {
            self.select(&kinds, &[], 1).sql
        };
        (format!("WITH {} {body}", expressions.join(", ")), false)
    }

    pub fn recursive(&mut self) -> (String, bool) {
        let table = self.table(0, "users");
        let scope = Scope::of(vec![table]);
        let start = self.expr(Kind::Text, &scope, 1);
        let start = self.as_text(&start);
        let condition = self.condition(&scope, 1);
        let u = Scope::of(vec![self.table(0, "u")]);
        let step = self.column(Kind::Text, &u).unwrap();
        let step = self.as_text(&step);
        let list = self.c.one(&["r(id, k, depth)", "r(id, handle, depth)"]);
        let (k, union) = (&list[6..list.len() - 8], self.c.one(&["UNION ALL", "UNION"]));
        (
            format!(
                "WITH RECURSIVE {list} AS (SELECT id, {start}, 0 FROM users WHERE \
                 {condition} {union} SELECT u.id, {step}, r.depth + 1 FROM users u \
                 JOIN r ON u.id = r.id + 1 WHERE r.depth < 3) SELECT r.{k}, depth FROM r"
            ),
            false,
        )
    }

    pub fn star(&mut self) -> (String, bool) {
        let (from, sources) = self.from(&[], 1);
        let scope = Scope::of(sources);
        let condition = self.condition(&scope, 1);
        let first = &scope.inner[0].qualifier;
        let list = match self.c.below(4) {
            0 | 1 => "*".to_owned(),
            2 => format!("{first}.*"),
            _ => format!("{first}.*, {} AS more", self.expr(Kind::Text, &scope, 1)),
        };
        let sql = format!("SELECT {list} FROM {from} WHERE {condition}");
        match self.c.below(5) {
            4 if list == "*" => {
                let table = self.some_table();
                let (name, exists) = (TABLES[table], self.c.one(&["EXISTS", "NOT EXISTS"]));
                (format!("SELECT * FROM {name} WHERE {exists} ({sql})"), false)
            }
            _ => (sql, false),
        }
    }

    /// USING and NATURAL JOIN.
    pub fn by_name(&mut self) -> (String, bool) {
        let [a, b] = [self.some_table(), self.some_table()];
        let (x, y) = (self.alias(), self.alias());
        let (left, right) = (self.columns(a), self.columns(b));
        let shared = self.shared(&left, &right);
        let mut kinds = vec!["JOIN", "LEFT JOIN", "RIGHT JOIN"];
        if self.world.db != Db::Mariadb {
            kinds.push("FULL JOIN");
        }
        let natural = self.c.once_in(2) || shared.is_empty();
        let (from, merged) = if natural {
            let kind = self.c.one(&kinds);
            let from = format!("{} {x} NATURAL {kind} {} AS {y}", TABLES[a], TABLES[b]);
            (from, shared)
        } else {
            kinds.push("INNER JOIN");
            let kind = self.c.one(&kinds);
            let first = self.c.below(shared.len());
            let mut merged = vec![shared[first].clone()];
            if shared.len() > 1 && self.c.once_in(3) {
                merged.push(shared[(first + 1) % shared.len()].clone());
            }
            let names: Vec<_> = merged.iter().map(bare).collect();
            let from =
                format!("{} {x} {kind} {} {y} USING ({})", TABLES[a], TABLES[b], names.join(", "));
            (from, merged)
        };
        let list = self.by_name_list(&merged, [(&x, &left), (&y, &right)]);
        let condition = match self.c.below(3) {
            1 if !merged.is_empty() => format!(" WHERE {} IS NOT NULL", bare(&merged[0])),
            2 => format!(" WHERE {x}.{} IS NOT NULL", bare(&left[0].name)),
            _ => String::new(),
        };
        (format!("SELECT {list} FROM {from}{condition}"), false)
    }

    fn by_name_list(&mut self, merged: &[Name], sides: [(&str, &[Col]); 2]) -> String {
        match self.c.below(5) {
            0 => "*".to_owned(),
            1 => "count(*) AS n".to_owned(),
            2 => format!("{}.*, {}.*", sides[0].0, sides[1].0),
            3 if !merged.is_empty() => {
                let (alias, columns) = sides[1];
                let other = columns[self.c.below(columns.len())].name.clone();
                format!("{}, {alias}.{} AS o", bare(&merged[0]), bare(&other))
            }
            _ => {
                let mut items = Vec::new();
                for (alias, columns) in sides {
                    let name = columns[self.c.below(columns.len())].name.clone();
                    items.push(format!("{alias}.{}", bare(&name)));
                }
                items.join(", ")
            }
        }
    }

    /// Forms that one database has and the others have not.
    pub fn special(&mut self) -> (String, bool) {
        let (text, source) = self.plain_table();
        let scope = Scope::of(vec![source]);
        let name = self.column(Kind::Text, &scope).unwrap_or_else(|| "'a'".to_owned());
        let condition = self.condition(&scope, 1);
        let total = Self::total(&scope).unwrap_or_else(|| "1".to_owned());
        let qualifier = &scope.inner[0].qualifier;
        let postgres = [
            format!("SELECT ROW({qualifier}.*, 1)::text AS k FROM {text} WHERE {condition}"),
            format!("SELECT 1 AS k FROM {text} WHERE (1, {qualifier}.*) IS NOT NULL"),
            format!("SELECT {name} AS k FROM {text} WHERE {condition} FOR UPDATE"),
            format!("SELECT array_agg({name} ORDER BY {name}, {total}) AS k FROM {text}"),
            format!("SELECT string_agg({name}, ',' ORDER BY {name}) AS k FROM {text}"),
            format!("SELECT ({name})::varchar(2) AS k, {name} COLLATE \"C\" AS l FROM {text}"),
            format!("SELECT {name} ~ '^a' AS k, {name} ILIKE 'A%' AS l FROM {text}"),
            format!("SELECT jsonb_build_object('k', {name}) AS j FROM {text} WHERE {condition}"),
            format!(
                "SELECT v.a, {name} AS k FROM {text} JOIN (VALUES ('ada'), ('eve')) AS v(a) ON v.a = {name}"
            ),
            format!("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY {name}) AS k FROM {text}"),
            format!("SELECT unnest(ARRAY[{name}, 'x']) AS k FROM {text}"),
        ];
        let sqlite = [
            format!("SELECT {name} AS k FROM {text} WHERE {name} GLOB 'a*' OR {condition}"),
            format!("SELECT json_object('k', {name}) AS j FROM {text} WHERE {condition}"),
            format!("SELECT iif({condition}, {name}, 'no') AS k FROM {text}"),
            format!("SELECT {name} COLLATE NOCASE = 'ADA' AS k, {name} IS 'ada' AS l FROM {text}"),
            format!("SELECT typeof({name}) AS k, ifnull({name}, 'none') AS l FROM {text}"),
            format!("SELECT max({name}, 'b') AS k FROM {text} WHERE {condition}"),
            format!(
                "SELECT group_concat({name}, ',') AS k FROM (SELECT {name} FROM {text} ORDER BY {name})"
            ),
        ];
        let mariadb = [
            format!("SELECT {name} AS k FROM {text} WHERE {condition} FOR UPDATE"),
            format!("SELECT {name} AS k FROM {text} WHERE {condition} LOCK IN SHARE MODE"),
            format!("SELECT group_concat({name} ORDER BY {name}) AS k FROM {text}"),
            format!("SELECT {name} REGEXP '^a' AS k, {name} <=> 'ada' AS l FROM {text}"),
            format!("SELECT if({condition}, {name}, 'no') AS k FROM {text}"),
            format!("SELECT json_object('k', {name}) AS j FROM {text} WHERE {condition}"),
            format!(
                "SELECT v.a, {name} AS k FROM {text} JOIN (SELECT 'ada' AS a UNION SELECT 'eve') v ON v.a = {name}"
            ),
            format!("SELECT ifnull({name}, 'none') AS l, {name} COLLATE utf8mb4_bin FROM {text}"),
        ];
        let forms = match self.world.db {
            Db::Postgres => &postgres[..],
            Db::Sqlite => &sqlite,
            Db::Mariadb => &mariadb,
        };
        (forms[self.c.below(forms.len())].clone(), false)
    }
}
