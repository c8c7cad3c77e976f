//! Plain SQL leaves a column alone between the expand and the contract of its rename.

use std::collections::HashSet;

use super::judge::{Judge, Touch};
use super::names::Columns;
use super::read::{Piece, Script, script};
use super::under_way::{UnderWay, renames};
use crate::model::Release;
use crate::releases::check::rules::rule::{TOUCHES_BOTH, TOUCHES_RENAME};
use crate::releases::check::rules::{Checks, Finding, words_of_code};
use crate::releases::{Body, Migration};

/// The facts that are known besides the migrations.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::releases) struct Context<'a> {
    /// The release that unreleased files go into, if it is known.
    pub next: Option<&'a Release>,
    /// The app's release, if it is known.
    pub reached: Option<&'a Release>,
}

/// Checks that plain SQL leaves a column alone between the expand and the contract of its rename. A
/// migration that a schema dump has recorded is skipped: it is released and cannot be changed.
pub(in crate::releases::check) fn findings(
    migrations: &[Migration],
    checks: &Checks<'_>,
) -> Vec<Finding> {
    let context = Context { next: checks.target, reached: checks.version };
    let recorded = checks.dumps.iter().flat_map(|dump| &dump.migrations);
    let recorded: HashSet<u64> = recorded.map(|recorded| recorded.id).collect();
    of_migrations(migrations, |migration| !recorded.contains(&migration.id), context)
}

/// Checks the migrations for which `of` returns true.
pub(in crate::releases) fn of_migrations(
    migrations: &[Migration],
    of: impl Fn(&Migration) -> bool,
    context: Context<'_>,
) -> Vec<Finding> {
    let renames = renames(migrations);
    let mut findings = Vec::new();
    for migration in migrations.iter().filter(|migration| of(migration)) {
        let Body::Sql { text } = &migration.body else { continue };
        let under_way: Vec<_> = renames
            .iter()
            .filter(|rename| rename.contains(migration, context.next, context.reached))
            .collect();
        if under_way.is_empty() {
            continue;
        }
        let script = script(text);
        for rename in under_way {
            findings.extend(match &script {
                Some(script) => of_script(migration, rename, script),
                None => of_words(migration, rename, text),
            });
        }
    }
    findings
}

/// Returns a finding for the worst statement that touches a column of the rename. If the file does
/// the same to both columns, it may be right, and the finding is a warning.
fn of_script(migration: &Migration, under_way: &UnderWay<'_>, script: &Script) -> Option<Finding> {
    let judge = Judge { rename: under_way.change.columns(), grammar: script.grammar };
    let touches: Vec<(&Piece, Touch)> =
        script.pieces.iter().filter_map(|piece| Some((piece, judge.touch(piece)?))).collect();
    let (first, _) = touches.first()?;
    let columns: Option<Vec<Columns>> = touches.iter().map(|(_, touch)| of_both(*touch)).collect();
    let all = columns.map(|columns| columns.into_iter().fold(Columns::default(), Columns::and));
    let about = About { migration, under_way };
    if all == Some(Columns::BOTH) {
        return Some(about.both(&first.quoted, Some(position(first))));
    }
    // A touch that cannot be done to both columns weighs more than one that was only forgotten.
    let worst = touches.iter().find(|(_, touch)| of_both(*touch).is_none()).or(touches.first());
    worst.map(|(piece, touch)| about.one(&piece.quoted, *touch, Some(position(piece))))
}

const fn position(piece: &Piece) -> (u64, u64) {
    (piece.line, piece.column)
}

/// The columns, if the touch is right once the other column gets the same.
const fn of_both(touch: Touch) -> Option<Columns> {
    match touch {
        Touch::Schema(columns) | Touch::Rows(columns) => Some(columns),
        Touch::Gone(_) | Touch::Table | Touch::Position | Touch::Unread(_) => None,
    }
}

/// Judges a file by its words alone: no grammar finds where its strings end.
fn of_words(migration: &Migration, under_way: &UnderWay<'_>, text: &str) -> Option<Finding> {
    let rename = under_way.change.columns();
    let said: HashSet<String> = words_of_code::words(text, false)
        .into_iter()
        .map(|word| word.text.to_lowercase())
        .collect();
    let says = |name: &str| said.contains(&name.to_lowercase());
    let columns = Columns { from: says(rename.from.as_str()), to: says(rename.to.as_str()) };
    if !says(rename.table.name.as_str()) || !columns.any() {
        return None;
    }
    let about = About { migration, under_way };
    Some(about.one("", Touch::Unread(columns), None))
}

/// A file and the rename that it touches.
struct About<'a> {
    migration: &'a Migration,
    under_way: &'a UnderWay<'a>,
}

impl About<'_> {
    fn one(&self, quoted: &str, touch: Touch, at: Option<(u64, u64)>) -> Finding {
        let rename = self.under_way.change.columns();
        let said = self.said(quoted, at);
        let what = match touch {
            Touch::Schema(columns) => format!("{said} touches {}", self.columns(columns)),
            Touch::Gone(columns) => format!("{said} drops or renames {}", self.columns(columns)),
            Touch::Table => format!("{said} touches every column of `{}`", rename.table),
            Touch::Rows(columns) => format!("{said} writes {}", self.columns(columns)),
            Touch::Position => {
                format!("{said} inserts into `{}` by the position of its columns", rename.table)
            }
            Touch::Unread(columns) => {
                format!("{said} cannot be read, and names {}", self.columns(columns))
            }
        };
        let why = match touch {
            Touch::Schema(_) | Touch::Table | Touch::Unread(_) => "nothing carries that over",
            Touch::Gone(_) => "the rename needs it",
            Touch::Rows(_) => "the two would differ",
            Touch::Position => "the table then has one column more",
        };
        let also = match touch {
            Touch::Schema(_) | Touch::Rows(_) => {
                format!("; or do the same to `{}` and `{}`", rename.from, rename.to)
            }
            Touch::Position => "; or name the columns".to_owned(),
            Touch::Gone(_) | Touch::Table => String::new(),
            Touch::Unread(_) => {
                "; or, if it leaves the column alone, say so in a comment: `-- handover:allow`"
                    .to_owned()
            }
        };
        let hint = format!("{}{also}", self.elsewhere());
        self.finding(TOUCHES_RENAME, format!("{what} {}; {why}", self.between()), hint, at)
    }

    fn both(&self, quoted: &str, at: Option<(u64, u64)>) -> Finding {
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
        rule: crate::releases::Rule,
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
