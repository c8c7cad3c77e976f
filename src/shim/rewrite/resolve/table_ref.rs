//! Table references: which table a name in `FROM`, or the target of a write, means.

use std::ops::Range;

use sqlparser::ast::{Ident, ObjectName, TableAlias};

use super::cte::{Ctes, Env};
use super::identifiers::idents;
use super::output_columns::Outputs;
use super::scope::{Relation, RelationKind};
use super::unmapped_table::UnmappedTable;
use crate::Dialect;
use crate::model::TableName;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// A table named in `FROM`: a common table expression, a mapped table or another one.
    pub(crate) fn table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        ctes: &Ctes<'a>,
    ) -> Result<Relation<'a>> {
        let parts =
            idents(name).ok_or_else(|| RewriteError::unsupported("a computed table name"))?;
        if let [only] = parts.as_slice() {
            let name_here = self.fold(only);
            let env = Env { outer: None, ctes: ctes.clone() };
            if let Some(cte) = env.cte(|cte| self.same_table(cte, &name_here)) {
                let kind = match &cte.outputs {
                    Some(outputs) => RelationKind::Derived(outputs.clone()),
                    None => RelationKind::Pending,
                };
                return self.relation_of(Some(name), alias, kind);
            }
        }
        self.base_table(name, alias)
    }

    /// A table that no common table expression can shadow, as the target of a write is.
    pub(crate) fn base_table(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
    ) -> Result<Relation<'a>> {
        let Some(mapped) = self.mapped_table(name) else {
            self.check_schema_known(name)?;
            let kind = self.unmapped(name, alias);
            return self.relation_of(Some(name), alias, kind);
        };
        if self.dialect != Dialect::Postgres && alias.is_some_and(|own| !own.columns.is_empty()) {
            return Err(RewriteError::unsupported("new column names in a table's alias"));
        }
        self.opens(mapped);
        let relation = self.relation_of(Some(name), alias, RelationKind::Mapped(mapped))?;
        self.remove_index(relation.source.end);
        Ok(relation)
    }

    /// The relation that a table without a renamed column is.
    fn unmapped(&self, name: &ObjectName, alias: Option<&TableAlias>) -> RelationKind<'a> {
        let table = self.unmapped_table(name);
        if alias.is_none_or(|alias| alias.columns.is_empty()) {
            return RelationKind::Unmapped(table);
        }
        // `AS t(a, b)` gives the first columns new names.
        let mut outputs = Outputs::default();
        match table.columns {
            Some(columns) => {
                columns.names.iter().for_each(|name| outputs.push(name.clone(), None));
            }
            None => outputs.further.push(table),
        }
        RelationKind::Derived(outputs)
    }

    fn unmapped_table(&self, name: &ObjectName) -> UnmappedTable<'a> {
        let unknown = UnmappedTable { name: None, columns: None };
        let parts = idents(name).unwrap_or_default();
        let (schema, table) = match parts.as_slice() {
            [table] => (None, table),
            [schema, table] => (Some(schema), table),
            _ => return unknown,
        };
        let schema = schema.map(|schema| Self::identifier(&self.fold(schema))).transpose();
        let (Ok(schema), Ok(name)) = (schema, Self::identifier(&self.fold(table))) else {
            return unknown;
        };
        let name = TableName { schema, name };
        let columns = self.known_columns.get(&name);
        UnmappedTable { name: Some(name), columns }
    }

    /// Refuses a table that has the name of a mapped one, and may be it: one of them is written
    /// with a schema, and which schema the other is in is not known.
    fn check_schema_known(&self, name: &ObjectName) -> Result {
        let parts = idents(name).unwrap_or_default();
        let Some((table, schema)) = parts.split_last() else { return Ok(()) };
        let table = self.fold(table);
        let uncertain = self.mapping.tables().iter().any(|mapped| {
            self.same_table(mapped.table.name.as_str(), &table)
                && mapped.default_schema.is_none()
                && mapped.table.schema.is_none() != schema.is_empty()
        });
        if uncertain {
            let form = format!("`{table}`, in a schema that may be the renamed table's or not");
            return Err(RewriteError::unsupported(form));
        }
        Ok(())
    }

    /// Refuses a mapped table's name as an alias without `AS`: the parser reads `ONLY users` and
    /// `UPDATE IGNORE users` so, and then nothing of the table would be mapped.
    pub(crate) fn check_alias(&self, alias: &Ident) -> Result {
        if self.is_mapped_table(&self.fold(alias)) {
            return Err(RewriteError::unsupported("its name behind a keyword or as an alias"));
        }
        Ok(())
    }

    pub(crate) fn relation_of(
        &mut self,
        table: Option<&ObjectName>,
        alias: Option<&TableAlias>,
        kind: RelationKind<'a>,
    ) -> Result<Relation<'a>> {
        if let Some(table) = table {
            self.leave_name_unchanged(table)?;
        }
        let Some(alias) = alias else {
            let parts = table.and_then(idents).unwrap_or_default();
            let source = self.idents_range(&parts);
            let name = parts.last().map(|part| self.fold(part).into_owned());
            let schema = parts.iter().rev().nth(1).map(|part| self.fold(part).into_owned());
            let relation = Relation {
                name,
                schema,
                aliased: false,
                source,
                kind,
                qualified_only: false,
                is_substituted: false,
                has_column_aliases: false,
            };
            return Ok(relation);
        };
        if table.is_some() && !alias.explicit {
            self.check_alias(&alias.name)?;
        }
        if is_behind_select(&alias.name) {
            return Err(RewriteError::unsupported("a keyword as a table's name"));
        }
        self.leave_unchanged(&alias.name)?;
        self.leave_all_unchanged(&alias.at)?;
        let mut names = Vec::new();
        for column in &alias.columns {
            self.leave_unchanged(&column.name)?;
            if let Some(data_type) = &column.data_type {
                self.leave_type_unchanged(data_type)?;
            }
            names.push(self.fold(&column.name).into_owned());
        }
        let kind = match kind {
            RelationKind::Derived(outputs) => RelationKind::Derived(outputs.with_names(&names)),
            other => other,
        };
        Ok(Relation {
            name: Some(self.fold(&alias.name).into_owned()),
            schema: None,
            aliased: true,
            source: self.idents_range(&[&alias.name]),
            kind,
            qualified_only: false,
            is_substituted: false,
            has_column_aliases: false,
        })
    }

    /// The bytes from the first of some identifiers to the last; empty where they have none.
    pub(crate) fn idents_range(&self, parts: &[&Ident]) -> Range<usize> {
        let token = |ident: Option<&&Ident>| {
            ident.and_then(|ident| self.text.ident(ident).ok()).map(|at| self.text.range(at))
        };
        match (token(parts.first()), token(parts.last())) {
            (Some(first), Some(last)) => first.start..last.end.max(first.start),
            _ => 0..0,
        }
    }
}

/// Returns true if it is a word of `SELECT` itself: as the name of a table it could not be put before a
/// column's. The parser takes it for one, no database does.
fn is_behind_select(alias: &Ident) -> bool {
    alias.quote_style.is_none()
        && ["ALL", "DISTINCT"].iter().any(|word| alias.value.eq_ignore_ascii_case(word))
}
