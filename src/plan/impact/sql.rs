//! The effects of plain SQL.

use sqlparser::ast::{
    CreateIndex, CreateTable, CreateView, FromTable, ObjectName, ObjectType, SetExpr, Statement,
    TableFactor, TableObject, TableWithJoins,
};
use sqlparser::dialect::{
    Dialect as Grammar, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect,
};
use sqlparser::parser::Parser;

use super::speaker::Speaker;
use super::{Effect, Extent, Traffic, alter};
use crate::database::Dialect;
use crate::model::Deploy;

/// The maximum number of characters that are quoted from a statement.
const QUOTED: usize = 60;

/// Describes the effects of statements, as far as the statements show them.
pub(super) fn effects(text: &str, dialect: Option<Dialect>, deploy: Deploy) -> Vec<Effect> {
    let grammar: &dyn Grammar = match dialect {
        Some(Dialect::Sqlite) => &SQLiteDialect {},
        Some(Dialect::Postgres) => &PostgreSqlDialect {},
        Some(Dialect::MariaDb) => &MySqlDialect {},
        None => &GenericDialect {},
    };
    match Parser::parse_sql(grammar, text) {
        Ok(statements) => {
            let speaker = Speaker { dialect, deploy };
            let mut made = Vec::new();
            let mut effects = Vec::new();
            for statement in &statements {
                for mut effect in speaker.effects(statement) {
                    // Nobody waits for a table that these statements have just created.
                    if effect.traffic == Traffic::Waits && made.contains(&effect.table) {
                        effect.traffic = Traffic::Runs;
                        effect.extent = Extent::Moment;
                        effect.what.truncate(effect.what.find(';').unwrap_or(effect.what.len()));
                    }
                    effects.push(effect);
                }
                if let Statement::CreateTable(CreateTable { name, if_not_exists: false, .. }) =
                    statement
                {
                    made.push(speaker.table(name));
                }
            }
            effects
        }
        Err(_) => vec![unknown("has SQL that handover cannot parse")],
    }
}

pub(super) fn unknown(what: impl Into<String>) -> Effect {
    Effect { what: what.into(), traffic: Traffic::Unknown, table: None, extent: Extent::Unknown }
}

impl Speaker {
    fn effects(&self, statement: &Statement) -> Vec<Effect> {
        match statement {
            Statement::AlterTable(alter) => alter::effects(self, alter),
            Statement::Drop { object_type, names, table, .. } => names
                .iter()
                .map(|name| self.drop(*object_type, name, table.as_ref().unwrap_or(name)))
                .collect(),
            other => vec![self.one(other).unwrap_or_else(|| {
                let text: String = other.to_string().chars().take(QUOTED).collect();
                // The text stands between backticks, on one line.
                unknown(format!(
                    "runs `{}`",
                    text.replace(|c: char| c == '`' || c.is_control(), " ")
                ))
            })],
        }
    }

    fn one(&self, statement: &Statement) -> Option<Effect> {
        Some(match statement {
            Statement::CreateTable(CreateTable { name, query: None, clone: None, .. })
            | Statement::CreateView(CreateView {
                name,
                materialized: false,
                or_replace: false,
                ..
            }) => self.effect(format!("creates `{name}`"), Traffic::Runs, Extent::Moment, name),
            Statement::CreateIndex(index) => self.index(index),
            Statement::Insert(insert) => {
                let TableObject::TableName(table) = &insert.table else { return None };
                let body = insert.source.as_ref().map(|query| query.body.as_ref());
                if !matches!(body, None | Some(SetExpr::Values(_))) {
                    return None;
                }
                let what = format!("adds rows to `{table}`");
                self.effect(what, Traffic::Runs, Extent::Moment, table)
            }
            Statement::Update(update) => self.writes("changes", relation(&update.table)?),
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) =
                    &delete.from;
                self.writes("deletes", relation(from.first()?)?)
            }
            _ => return None,
        })
    }

    fn writes(&self, verb: &str, table: &ObjectName) -> Effect {
        let rows =
            if self.dialect == Some(Dialect::Sqlite) { "all writes" } else { "writes to them" };
        let what =
            format!("{verb} rows of `{table}` in one statement; {rows} wait until it is done");
        self.effect(what, Traffic::Waits, Extent::Copy, table)
    }

    fn index(&self, index: &CreateIndex) -> Effect {
        let table = &index.table_name;
        let (wait, traffic) = match self.dialect {
            Some(Dialect::Postgres) if index.concurrently => {
                let what = format!(
                    "builds an index of `{table}` CONCURRENTLY, which PostgreSQL refuses inside a \
                     migration's transaction"
                );
                return self.effect(what, Traffic::Breaks, Extent::Scan, table);
            }
            Some(Dialect::MariaDb) => ("reads and writes go on", Traffic::Runs),
            Some(Dialect::Sqlite) => ("all writes wait until it is done", Traffic::Waits),
            Some(Dialect::Postgres) | None => {
                ("writes to the table wait until it is done", Traffic::Waits)
            }
        };
        self.effect(format!("builds an index of `{table}`; {wait}"), traffic, Extent::Scan, table)
    }

    fn drop(&self, kind: ObjectType, name: &ObjectName, table: &ObjectName) -> Effect {
        match kind {
            ObjectType::Index => {
                let what = format!("drops the index `{name}`");
                self.effect(what, Traffic::Runs, Extent::Moment, table)
            }
            ObjectType::Table | ObjectType::View => {
                let (who, traffic) = self.without();
                self.effect(format!("drops `{name}`{who}"), traffic, Extent::Moment, table)
            }
            _ => unknown(format!("drops `{name}`")),
        }
    }
}

/// The statement's table, if it names only one.
fn relation(table: &TableWithJoins) -> Option<&ObjectName> {
    match &table.relation {
        TableFactor::Table { name, .. } if table.joins.is_empty() => Some(name),
        _ => None,
    }
}
