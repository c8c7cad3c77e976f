//! The columns of a mapped table as the code knows them: of each renamed pair only one.

use super::output_columns::Outputs;
use crate::shim::mapped_table::MappedTable;
use crate::shim::rewrite::{Result, RewriteError, Rewriter};

impl<'a> Rewriter<'a> {
    /// The columns of a mapped table as the code sees them.
    pub(crate) fn select_list(
        &self,
        table: &'a MappedTable,
        qualifier: Option<&str>,
        outputs: &mut Outputs<'a>,
    ) -> Result<String> {
        let mut list = Vec::new();
        for column in self.logical_columns(table)? {
            let prefix = qualifier.map(|qualifier| format!("{qualifier}.")).unwrap_or_default();
            let Some(pair) = table.column(self.dialect, column) else {
                let quoted = self.dialect.quote(&Self::identifier(column)?);
                list.push(format!("{prefix}{quoted}"));
                outputs.push(column.clone(), None);
                continue;
            };
            let (physical, name) = (pair.read(), pair.side(pair.code));
            let quoted = self.dialect.quote(physical);
            let column = format!("{prefix}{quoted}");
            list.push(match pair.read_around() {
                None if physical == name => column,
                None => format!("{column} AS {}", self.dialect.quote(name)),
                Some(around) => {
                    format!("{} AS {}", around.fill(&column), self.dialect.quote(name))
                }
            });
            outputs.push(name.as_str().to_owned(), Some(pair));
        }
        Ok(list.join(", "))
    }

    /// The physical columns that `*` gives in order, of each renamed pair only one: `from` where it
    /// is there. Those that the code does without are left out.
    pub(crate) fn logical_columns(&self, table: &'a MappedTable) -> Result<Vec<&'a String>> {
        if table.physical.is_empty() {
            let form = format!(
                "`*` or an insert by position while the columns of `{}` are not known",
                table.table
            );
            return Err(RewriteError::unknown_columns(form));
        }
        let has = |name: &str| table.physical.iter().any(|c| self.dialect.same_column(c, name));
        for pair in table.columns.iter().filter(|pair| pair.from != pair.to) {
            if !has(pair.from.as_str()) && !has(pair.to.as_str()) {
                let form = format!("`*` while the columns of `{}` are out of date", table.table);
                return Err(RewriteError::unknown_columns(form));
            }
        }
        let twin = |column: &str| {
            table.columns.iter().any(|pair| {
                pair.from != pair.to
                    && self.dialect.same_column(pair.to.as_str(), column)
                    && has(pair.from.as_str())
            })
        };
        let is_hidden = |column: &str| {
            table.hidden.iter().any(|own| self.dialect.same_column(own.as_str(), column))
        };
        let is_visible = |column: &&String| {
            !twin(column) && !is_hidden(column) && !self.is_among(column, &table.invisible)
        };
        Ok(table.physical.iter().filter(is_visible).collect())
    }

    pub(crate) fn is_among(&self, column: &str, columns: &[String]) -> bool {
        columns.iter().any(|own| self.dialect.same_column(own, column))
    }
}
