//! Plain SQL leaves a column alone between the expand and the contract of its rename.

use std::collections::HashSet;

use super::messages::About;
use super::names::Columns;
use super::split_statements::{Piece, Script, script};
use super::statement_effect::{Classifier, Effect};
use super::under_way::{UnderWay, renames};
use crate::model::Release;
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
    let classifier = Classifier { rename: under_way.change.columns(), grammar: script.grammar };
    let effects: Vec<(&Piece, Effect)> =
        script.pieces.iter().filter_map(|piece| Some((piece, classifier.effect(piece)?))).collect();
    let (first, _) = effects.first()?;
    let columns: Option<Vec<Columns>> =
        effects.iter().map(|(_, effect)| of_both(*effect)).collect();
    let all = columns.map(|columns| columns.into_iter().fold(Columns::default(), Columns::and));
    let about = About { migration, under_way };
    if all == Some(Columns::BOTH) {
        return Some(about.both(&first.quoted, Some(position(first))));
    }
    // What cannot be done to both columns weighs more than what was only forgotten.
    let worst = effects.iter().find(|(_, effect)| of_both(*effect).is_none()).or(effects.first());
    worst.map(|(piece, effect)| about.one(&piece.quoted, *effect, Some(position(piece))))
}

const fn position(piece: &Piece) -> (u64, u64) {
    (piece.line, piece.column)
}

/// The columns, if the effect is right once the other column gets the same.
const fn of_both(effect: Effect) -> Option<Columns> {
    match effect {
        Effect::Schema(columns) | Effect::Rows(columns) => Some(columns),
        Effect::Gone(_) | Effect::Table | Effect::Position | Effect::Unread(_) => None,
    }
}

/// Checks a file by its words alone: no grammar finds where its strings end.
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
    Some(about.one("", Effect::Unread(columns), None))
}
