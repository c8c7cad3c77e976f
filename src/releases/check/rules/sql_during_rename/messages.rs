//! The texts of the findings, and their hints.

use super::names::Columns;
use super::statement_effect::Effect;
use super::under_way::UnderWay;
use crate::releases::check::rules::Finding;
use crate::releases::check::rules::rule::{TOUCHES_BOTH, TOUCHES_RENAME};
use crate::releases::{Migration, Rule};

/// A file and the rename that it touches.
pub(super) struct About<'a> {
    pub(super) migration: &'a Migration,
    pub(super) under_way: &'a UnderWay<'a>,
}

impl About<'_> {
    pub(super) fn one(&self, quoted: &str, effect: Effect, at: Option<(u64, u64)>) -> Finding {
        let rename = self.under_way.change.columns();
        let said = self.said(quoted, at);
        let what = match effect {
            Effect::Schema(columns) => format!("{said} touches {}", self.columns(columns)),
            Effect::Gone(columns) => format!("{said} drops or renames {}", self.columns(columns)),
            Effect::Table => format!("{said} touches every column of `{}`", rename.table),
            Effect::Rows(columns) => format!("{said} writes {}", self.columns(columns)),
            Effect::Position => {
                format!("{said} inserts into `{}` by the position of its columns", rename.table)
            }
            Effect::Unread(columns) => {
                format!("{said} cannot be read, and names {}", self.columns(columns))
            }
        };
        let why = match effect {
            Effect::Schema(_) | Effect::Table | Effect::Unread(_) => "nothing carries that over",
            Effect::Gone(_) => "the rename needs it",
            Effect::Rows(_) => "the two would differ",
            Effect::Position => "the table then has one column more",
        };
        let also = match effect {
            Effect::Schema(_) | Effect::Rows(_) => {
                format!("; or do the same to `{}` and `{}`", rename.from, rename.to)
            }
            Effect::Position => "; or name the columns".to_owned(),
            Effect::Gone(_) | Effect::Table => String::new(),
            Effect::Unread(_) => {
                "; or, if it leaves the column alone, say so in a comment: `-- handover:allow`"
                    .to_owned()
            }
        };
        let hint = format!("{}{also}", self.elsewhere());
        self.finding(TOUCHES_RENAME, format!("{what} {}; {why}", self.between()), hint, at)
    }

    pub(super) fn both(&self, quoted: &str, at: Option<(u64, u64)>) -> Finding {
        let what = format!(
            "{} touches {} {}",
            self.said(quoted, at),
            self.columns(Columns::BOTH),
            self.between()
        );
        let hint = format!(
            "make sure that it does the same to both, and say so in a comment of each statement: \
             `-- handover:allow`; or {}",
            self.elsewhere()
        );
        self.finding(TOUCHES_BOTH, what, hint, at)
    }

    fn finding(
        &self,
        rule: Rule,
        message: String,
        hint: String,
        at: Option<(u64, u64)>,
    ) -> Finding {
        let (line, column) = at.unzip();
        Finding { line, column, ..Finding::new(rule, &self.migration.path, message, hint) }
    }

    /// The statement with its position, or the file if there is no position.
    fn said(&self, quoted: &str, at: Option<(u64, u64)>) -> String {
        let path = self.migration.path.display();
        match at {
            Some((line, column)) => format!("{path}:{line}:{column}: `{quoted}`"),
            None => format!("`{path}`"),
        }
    }

    fn columns(&self, columns: Columns) -> String {
        let rename = self.under_way.change.columns();
        let names: Vec<_> = [(columns.from, &rename.from), (columns.to, &rename.to)]
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, name)| format!("`{name}`"))
            .collect();
        format!("{} of `{}`", names.join(" and "), rename.table)
    }

    fn between(&self) -> String {
        format!("between the expand and the contract of `{}`", self.under_way.change.name)
    }

    /// The hint that says where the file can go.
    fn elsewhere(&self) -> String {
        let UnderWay { expand, contract, .. } = self.under_way;
        let path = self.migration.path.display();
        let later = match &contract.release {
            Some(release) => format!("move `{path}` to a release after {release}"),
            None => format!("move `{path}` to a release after that of the contract"),
        };
        if self.under_way.begins_with(self.migration) {
            format!("{later}, or give it an id below {}, that of the expand", expand.id)
        } else {
            match &expand.release {
                Some(release) => {
                    format!(
                        "{later}, or to {release} with an id below {}, that of the expand",
                        expand.id
                    )
                }
                None => later,
            }
        }
    }
}
