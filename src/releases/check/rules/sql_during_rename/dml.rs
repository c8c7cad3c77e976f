//! The effect of statements that write rows.

use sqlparser::ast::{
    Assignment, AssignmentTarget, Insert, OnConflictAction, OnInsert, Statement, TableObject,
    Update,
};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::names::{self, Columns, Names};
use super::split_statements::Piece;
use super::statement_effect::{Classifier, Effect, last, some};

/// Statements that write rows.
impl Classifier<'_> {
    pub(super) fn written(&self, statement: &Statement, piece: &Piece) -> Option<Effect> {
        let names = Names::of(&piece.tokens, self.rename);
        match statement {
            Statement::Update(update) => some(self.update(update, &names), Effect::Rows),
            Statement::Insert(insert) => self.insert(insert, &names),
            // A query may write by a statement in its WITH.
            _ => {
                let writes = piece.tokens.iter().any(|token| match token {
                    Token::Word(word) => {
                        matches!(word.keyword, Keyword::SET | Keyword::INSERT | Keyword::MERGE)
                    }
                    _ => false,
                });
                some(self.anywhere(&piece.tokens), Effect::Rows).filter(|_| writes)
            }
        }
    }

    fn update(&self, update: &Update, names: &Names) -> Columns {
        let target =
            Names::of(&names::tokens(&update.table.to_string(), self.grammar), self.rename);
        if target.table() { self.assigned(&update.assignments, names) } else { Columns::default() }
    }

    fn insert(&self, insert: &Insert, names: &Names) -> Option<Effect> {
        match &insert.table {
            TableObject::TableName(name) if self.is_table(name) => {}
            _ => return None,
        }
        let is_by_position = insert.columns.is_empty() && insert.assignments.is_empty();
        if is_by_position && insert.source.is_some() {
            return Some(Effect::Position);
        }
        let listed = self.columns(insert.columns.iter().filter_map(last));
        let also = match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => self.assigned(assignments, names),
            Some(OnInsert::OnConflict(conflict)) => match &conflict.action {
                OnConflictAction::DoUpdate(update) => self.assigned(&update.assignments, names),
                OnConflictAction::DoNothing => Columns::default(),
            },
            _ => Columns::default(),
        };
        some(listed.and(also).and(self.assigned(&insert.assignments, names)), Effect::Rows)
    }

    fn assigned(&self, assignments: &[Assignment], names: &Names) -> Columns {
        let targets = assignments.iter().flat_map(|assignment| match &assignment.target {
            AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
            AssignmentTarget::Tuple(names) => names.as_slice(),
        });
        let ours = targets.filter(|target| match target.0.as_slice() {
            [.., of, _] => of.as_ident().is_none_or(|of| names.is_alias(&of.value)),
            _ => true,
        });
        self.columns(ours.filter_map(last))
    }
}
