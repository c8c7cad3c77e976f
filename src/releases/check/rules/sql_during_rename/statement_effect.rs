//! What a statement does to the columns of one rename.

use sqlparser::ast::{CommentObject, CreateIndex, Ident, ObjectName, ObjectType, Statement};
use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::names::{self, Columns, Names, columns, is_table};
use super::split_statements::Piece;
use crate::model::ColumnPair;

/// What a statement does to the columns of a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It creates or changes something that belongs to columns, or uses them by name.
    Schema(Columns),
    /// It takes columns or their names away.
    Gone(Columns),
    /// It changes, or depends on, the whole table.
    Table,
    /// It writes columns.
    Rows(Columns),
    /// It inserts into all columns, by their position.
    Position,
    /// It cannot be parsed, and names columns.
    Unread(Columns),
}

/// Says what statements do to the columns of one rename.
pub(super) struct Classifier<'a> {
    pub(super) rename: &'a ColumnPair,
    pub(super) grammar: &'a dyn Dialect,
}

impl Classifier<'_> {
    /// Returns what a statement does to a column; `None` if it does nothing.
    pub(super) fn effect(&self, piece: &Piece) -> Option<Effect> {
        let Some(statement) = &piece.statement else {
            if self.is_trigger(&piece.tokens) {
                return Some(Effect::Table);
            }
            return some(self.anywhere(&piece.tokens), Effect::Unread);
        };
        match statement {
            Statement::Update(_) | Statement::Insert(_) | Statement::Query(_) => {
                self.written(statement, piece)
            }
            Statement::Merge(_) | Statement::Copy { .. } | Statement::LoadData { .. } => {
                some(self.anywhere(&piece.tokens), Effect::Rows)
            }
            Statement::Delete(_) | Statement::Truncate(_) | Statement::Analyze(_) => None,
            Statement::CreateTable(table) => self.create_table(table),
            Statement::AlterTable(table) => self.alter_table(table),
            Statement::CreateIndex(index) => some(self.index(index), Effect::Schema),
            Statement::CreateView(view) => self.query(&view.query),
            Statement::AlterView { query, .. } => self.query(query),
            Statement::CreateTrigger(trigger) if self.is_table(&trigger.table_name) => {
                Some(Effect::Table)
            }
            Statement::RenameTable(renames) => renames
                .iter()
                .any(|rename| self.is_table(&rename.old_name) || self.is_table(&rename.new_name))
                .then_some(Effect::Table),
            Statement::Drop { object_type: ObjectType::Index, names, .. } => {
                some(self.in_names(names.iter().filter_map(last)), Effect::Schema)
            }
            Statement::AlterIndex { name, .. } => some(self.in_names(last(name)), Effect::Schema),
            Statement::Drop {
                object_type: ObjectType::Table | ObjectType::View, names, ..
            } => names.iter().any(|name| self.is_table(name)).then_some(Effect::Table),
            Statement::Comment { object_type, .. } if *object_type != CommentObject::Column => None,
            _ => some(self.anywhere(&piece.tokens), Effect::Schema),
        }
    }

    /// Returns true if a statement that cannot be parsed creates a trigger of the table: the grammars
    /// know few of the bodies that triggers have.
    fn is_trigger(&self, tokens: &[Token]) -> bool {
        let is = |at: usize, keyword| matches!(tokens.get(at), Some(Token::Word(word)) if word.keyword == keyword);
        let on = (0..tokens.len()).find(|at| is(*at, Keyword::ON)).unwrap_or_default();
        // The table, perhaps with its schema.
        let names = Names::of(
            tokens.get(on + 1..tokens.len().min(on + 4)).unwrap_or_default(),
            self.rename,
        );
        is(0, Keyword::CREATE) && (1..on).any(|at| is(at, Keyword::TRIGGER)) && names.table()
    }

    pub(super) fn is_table(&self, name: &ObjectName) -> bool {
        is_table(name, self.rename)
    }

    pub(super) fn columns<'i>(&self, names: impl IntoIterator<Item = &'i Ident>) -> Columns {
        columns(names, self.rename)
    }

    /// The columns that the tokens name anywhere; none unless they name the table, too. In a
    /// program, names in strings count.
    pub(super) fn anywhere(&self, tokens: &[Token]) -> Columns {
        let is_program = tokens.first().is_some_and(|first| match first {
            Token::Word(word) => {
                matches!(word.keyword, Keyword::CREATE | Keyword::ALTER | Keyword::DO)
            }
            _ => false,
        });
        let names = if is_program {
            Names::of(&names::with_strings(tokens, self.grammar), self.rename)
        } else {
            Names::of(tokens, self.rename)
        };
        if names.table() { names.anywhere() } else { Columns::default() }
    }

    /// The columns that a part of a statement names. The part has to be one about the table.
    pub(super) fn within(&self, text: &impl ToString) -> Columns {
        Names::of(&names::tokens(&text.to_string(), self.grammar), self.rename).anywhere()
    }

    /// The effect of a query that the database keeps, such as that of a view.
    fn query(&self, query: &impl ToString) -> Option<Effect> {
        let names = Names::of(&names::tokens(&query.to_string(), self.grammar), self.rename);
        match (names.columns(), names.all()) {
            (columns, _) if columns.any() => Some(Effect::Schema(columns)),
            (_, true) => Some(Effect::Table),
            _ => None,
        }
    }

    /// The columns that names of indexes and constraints contain, as is usual.
    fn in_names<'i>(&self, names: impl IntoIterator<Item = &'i Ident>) -> Columns {
        let table = self.rename.table.name.as_str().to_lowercase();
        let mut columns = Columns::default();
        for name in names {
            let name = name.value.to_lowercase();
            let Some((before, after)) = name.split_once(&table) else { continue };
            let says = |column: &str| {
                let column = column.to_lowercase();
                [before, after].iter().any(|part| in_words(part, &column))
            };
            let these = Columns {
                from: says(self.rename.from.as_str()),
                to: says(self.rename.to.as_str()),
            };
            columns = columns.and(these);
        }
        columns
    }

    fn index(&self, index: &CreateIndex) -> Columns {
        if !self.is_table(&index.table_name) {
            return Columns::default();
        }
        let keys = index.columns.iter().map(|column| self.within(column));
        let keys = keys.fold(self.columns(&index.include), Columns::and);
        index.predicate.iter().map(|predicate| self.within(predicate)).fold(keys, Columns::and)
    }
}

pub(super) fn some(columns: Columns, effect: impl FnOnce(Columns) -> Effect) -> Option<Effect> {
    columns.any().then(|| effect(columns))
}

pub(super) fn last(name: &ObjectName) -> Option<&Ident> {
    name.0.last()?.as_ident()
}

/// Returns true if a name contains another as whole words between `_`: `by_user_name` has `user_name`.
pub(super) fn in_words(name: &str, part: &str) -> bool {
    format!("_{name}_").contains(&format!("_{part}_"))
}
