//! The names of the output columns of SQLite's views, and which of them change with a column's
//! name.
//!
//! `RENAME COLUMN` changes the text of a view, and so the names of those output columns that have
//! no alias. It does not change the statements that use these names: other views, triggers,
//! subqueries.

use std::collections::BTreeMap;

use sqlparser::ast::{Query, Select, SetExpr, Statement, TableFactor};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::select_list::{Facts, Output, Source, item, named};
use crate::database::catalog::uses::subject::Subject;

/// The tables and views of a schema, by their names in lower case.
#[derive(Debug)]
pub(in crate::database::catalog::uses) struct Schema<'a> {
    pub subject: &'a Subject,
    pub tables: BTreeMap<String, Vec<String>>,
    /// The statements that created the views.
    pub views: BTreeMap<String, String>,
}

/// Common table expressions in scope.
type Common = Vec<(String, Facts)>;

/// The maximum nesting of views. Views do not refer to themselves, but a damaged file might say so.
const MOST_VIEWS_DEEP: usize = 50;

impl Schema<'_> {
    /// The facts of a view; `None` if its statement cannot be read.
    pub fn view(&self, name: &str) -> Option<Facts> {
        self.view_at(name, 0)
    }

    fn view_at(&self, name: &str, depth: usize) -> Option<Facts> {
        let sql = self.views.get(&name.to_lowercase()).filter(|_| depth < MOST_VIEWS_DEEP)?;
        let mut parsed = Parser::parse_sql(&SQLiteDialect {}, sql).ok()?;
        let Some(Statement::CreateView(view)) = parsed.pop() else { return None };
        let mut facts = self.query(&view.query, &Common::new(), depth)?;
        for (output, column) in facts.outputs.iter_mut().zip(&view.columns) {
            *output = Output { name: column.name.value.clone(), becomes: None };
        }
        Some(facts)
    }

    fn query(&self, query: &Query, outer: &Common, depth: usize) -> Option<Facts> {
        let mut common = outer.clone();
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            let mut facts = self.query(&table.query, &common, depth).unwrap_or_default();
            for (output, column) in facts.outputs.iter_mut().zip(&table.alias.columns) {
                *output = Output { name: column.name.value.clone(), becomes: None };
            }
            common.push((table.alias.name.value.to_lowercase(), facts));
        }
        let mut facts = self.body(&query.body, &common, depth)?;
        for (_, inner) in common.iter().skip(outer.len()) {
            facts.names.extend(inner.names.iter().cloned());
        }
        Some(facts)
    }

    fn body(&self, body: &SetExpr, common: &Common, depth: usize) -> Option<Facts> {
        match body {
            SetExpr::Select(select) => self.select(select, common, depth),
            SetExpr::Query(query) => self.query(query, common, depth),
            SetExpr::SetOperation { left, right, .. } => {
                let mut facts = self.body(left, common, depth)?;
                let other = self.body(right, common, depth).unwrap_or_default();
                facts.reads_all |= other.reads_all;
                facts.names.extend(other.names);
                Some(facts)
            }
            SetExpr::Values(_) => Some(Facts::default()),
            _ => None,
        }
    }

    fn select(&self, select: &Select, common: &Common, depth: usize) -> Option<Facts> {
        let mut facts = Facts::default();
        let mut sources = Vec::new();
        for from in &select.from {
            let joined = from.joins.iter().map(|join| &join.relation);
            for factor in std::iter::once(&from.relation).chain(joined) {
                self.factor(factor, common, depth, &mut sources, &mut facts)?;
            }
        }
        for part in &select.projection {
            item(self.subject, part, &sources, &mut facts);
        }
        named(self.subject, select, &sources, &mut facts);
        Some(facts)
    }

    fn factor(
        &self,
        factor: &TableFactor,
        common: &Common,
        depth: usize,
        sources: &mut Vec<Source>,
        facts: &mut Facts,
    ) -> Option<()> {
        match factor {
            TableFactor::Table { name, alias, .. } => {
                let name = name.0.last()?.as_ident()?.value.clone();
                let alias = alias.as_ref().map(|alias| alias.name.value.clone());
                sources.push(self.source(&name, alias, common, depth));
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let inner = self.query(subquery, common, depth)?;
                facts.names.extend(inner.names);
                let binding = alias.as_ref().map(|alias| alias.name.value.clone());
                let (outputs, reads_all) = (inner.outputs, inner.reads_all);
                let binding = binding.unwrap_or_default();
                sources.push(Source { binding, outputs, is_table: false, reads_all });
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                let joined = table_with_joins.joins.iter().map(|join| &join.relation);
                for factor in std::iter::once(&table_with_joins.relation).chain(joined) {
                    self.factor(factor, common, depth, sources, facts)?;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn source(&self, name: &str, alias: Option<String>, common: &Common, depth: usize) -> Source {
        let key = name.to_lowercase();
        let binding = alias.unwrap_or_else(|| name.to_owned());
        let keep = |name: &String| Output { name: name.clone(), becomes: None };
        if let Some((_, facts)) = common.iter().rev().find(|(own, _)| *own == key) {
            let (outputs, reads_all) = (facts.outputs.clone(), facts.reads_all);
            return Source { binding, outputs, is_table: false, reads_all };
        }
        let is_table = self.subject.same_table(name, &self.subject.table);
        if let Some(columns) = self.tables.get(&key) {
            let follow = |name: &String| Output {
                becomes: (is_table && self.subject.same_column(name))
                    .then(|| self.subject.to.clone()),
                ..keep(name)
            };
            let outputs = columns.iter().map(follow).collect();
            return Source { binding, outputs, is_table, reads_all: is_table };
        }
        let facts = self.view_at(name, depth + 1).unwrap_or_default();
        let (outputs, reads_all) = (facts.outputs, facts.reads_all);
        Source { binding, outputs, is_table: false, reads_all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Dialect;

    /// The outputs of the last of some views, `name>becomes` where it changes, a star where they are
    /// those of the table, and the names that would be gone.
    fn shown(views: &[&str]) -> String {
        let subject = Subject::sample(Dialect::Sqlite);
        let columns = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let tables = BTreeMap::from([
            ("users".to_owned(), columns(&["id", "UserName"])),
            ("posts".to_owned(), columns(&["id", "title"])),
        ]);
        let named = views
            .iter()
            .enumerate()
            .map(|(at, sql)| (format!("v{}", at + 1), format!("CREATE VIEW v{}{sql}", at + 1)));
        let schema = Schema { subject: &subject, tables, views: named.collect() };
        let Some(facts) = schema.view(&format!("V{}", views.len())) else {
            return "unread".into();
        };
        let outputs = facts.outputs.iter().map(|output| match &output.becomes {
            Some(becomes) => format!("{}>{becomes}", output.name),
            None => output.name.clone(),
        });
        let names = facts.names.iter().map(|(of, name)| format!("!{of}.{name}"));
        let all = facts.reads_all.then(|| "*".to_owned());
        outputs.chain(all).chain(names).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_names_of_a_view_that_follow_the_column() {
        for (views, want) in [
            (vec![" AS SELECT username FROM users"], "username>handle"),
            (
                vec![" AS SELECT u.[username], title FROM posts, users AS u"],
                "username>handle title",
            ),
            (vec![" AS SELECT (username) COLLATE nocase FROM users"], "username>handle"),
            (vec![" AS SELECT lower(username) FROM users"], "lower(username)>lower(handle)"),
            (vec![" AS SELECT username AS username, 'username' FROM users"], "username 'username'"),
            (vec![" (a, b) AS SELECT id, username FROM users"], "a b"),
            (vec![" AS SELECT * FROM users"], "id UserName>handle *"),
            (vec![" AS SELECT p.* FROM users u JOIN posts p USING (id)"], "id title"),
            (vec![" AS SELECT u.* FROM users u JOIN posts p USING (id)"], "id UserName>handle *"),
            (vec![" (a, b) AS SELECT * FROM users"], "a b *"),
            (vec![" AS SELECT id FROM posts UNION SELECT username FROM users"], "id"),
            (vec![" AS SELECT id, title FROM posts UNION SELECT * FROM users"], "id title *"),
            (
                vec![" AS WITH w AS (SELECT username FROM users) SELECT username AS a FROM w"],
                "a !w.username",
            ),
            (vec![" AS WITH w (b) AS (SELECT username FROM users) SELECT b FROM w"], "b"),
            (vec![" AS SELECT id FROM (SELECT id, username FROM users)"], "id"),
            (vec![" AS SELECT username FROM users", " AS SELECT * FROM v1"], "username>handle"),
            (
                vec![
                    " AS SELECT username FROM users",
                    " AS SELECT 1 AS a FROM v1 WHERE v1.Username > ''",
                ],
                "a !v1.username",
            ),
            (vec![" AS SELECT username AS n FROM users", " AS SELECT n FROM v1"], "n"),
            (vec![" AS SELECT * FROM v1"], ""),
            (vec![" AS VALUES (1)"], ""),
            (vec![" AS SELEC"], "unread"),
        ] {
            assert_eq!(shown(&views), want, "{views:?}");
        }
    }
}
