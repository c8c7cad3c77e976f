//! Splits a file into its statements, in the grammar that reads most of them.

use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace, Word};

/// The marker of a statement that is skipped.
const ALLOW: &str = "handover:allow";

/// Blocks that end with `END` and their own word, such as `END IF`.
const UNCOUNTED: [&str; 5] = ["if", "loop", "while", "repeat", "for"];

/// The maximum number of characters of a statement that are quoted.
const QUOTED: usize = 60;

/// The grammars to try: a plain SQL migration does not say for which kind of database it is.
const GRAMMARS: [&dyn Dialect; 3] = [&PostgreSqlDialect {}, &SQLiteDialect {}, &MySqlDialect {}];

/// The statements of a file, in the grammar that reads most of them.
pub(super) struct Script {
    pub(super) grammar: &'static dyn Dialect,
    pub(super) pieces: Vec<Piece>,
}

/// One statement of a file.
pub(super) struct Piece {
    /// Line and column at which it begins, from 1.
    pub(super) line: u64,
    pub(super) column: u64,
    /// Its text, shortened, on one line.
    pub(super) quoted: String,
    /// Its tokens without white space and comments.
    pub(super) tokens: Vec<Token>,
    /// Its syntax tree; `None` if it cannot be parsed.
    pub(super) statement: Option<Statement>,
}

/// Parses plain SQL; `None` if no grammar finds where its strings and comments end. Statements with
/// the comment that allows them are left out.
pub(super) fn script(sql: &str) -> Option<Script> {
    let mut best: Option<Script> = None;
    for grammar in GRAMMARS {
        let Ok(tokens) = Tokenizer::new(grammar, sql).tokenize_with_location() else { continue };
        let pieces = split(&tokens).into_iter().filter_map(|part| piece(part, grammar)).collect();
        let script = Script { grammar, pieces };
        if best.as_ref().is_none_or(|best| script.unread() < best.unread()) {
            best = Some(script);
        }
    }
    best
}

impl Script {
    fn unread(&self) -> usize {
        self.pieces.iter().filter(|piece| piece.statement.is_none()).count()
    }
}

fn piece(part: &[TokenWithSpan], grammar: &dyn Dialect) -> Option<Piece> {
    let is_allowed = part.iter().any(|at| match &at.token {
        Token::Whitespace(
            Whitespace::SingleLineComment { comment, .. } | Whitespace::MultiLineComment(comment),
        ) => comment.contains(ALLOW),
        _ => false,
    });
    let said = || part.iter().filter(|at| !matches!(at.token, Token::Whitespace(_)));
    let first = said().next().filter(|_| !is_allowed)?;
    let begin = part.iter().position(|at| at.span == first.span)?;
    let mut parser = Parser::new(grammar).with_tokens_with_locations(part.to_vec());
    let statement = match parser.parse_statements() {
        Ok(statements) => <[Statement; 1]>::try_from(statements).ok().map(|[one]| one),
        Err(_) => None,
    };
    Some(Piece {
        line: first.span.start.line,
        column: first.span.start.column,
        quoted: quoted(&part[begin..]),
        tokens: said().map(|at| at.token.clone()).collect(),
        statement,
    })
}

fn quoted(part: &[TokenWithSpan]) -> String {
    let mut text = String::new();
    for token in part {
        match &token.token {
            Token::Whitespace(_) if text.ends_with(' ') => {}
            Token::Whitespace(_) => text.push(' '),
            token => text.push_str(&token.to_string()),
        }
    }
    let text = text.trim_end_matches([' ', ';']).replace(|c: char| c == '`' || c.is_control(), " ");
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// The statements, each with the comments before it and those on the line on which it ends. A
/// semicolon inside a program's body does not end a statement.
fn split(tokens: &[TokenWithSpan]) -> Vec<&[TokenWithSpan]> {
    let mut parts = Vec::new();
    let (mut begin, mut body) = (0, Body::default());
    for (at, token) in tokens.iter().enumerate().map(|(at, token)| (at, &token.token)) {
        match token {
            Token::Word(word) => body.word(word),
            Token::SemiColon if body.depth == 0 => {
                let end = at + 1 + rest_of_line(&tokens[at + 1..]);
                parts.push(tokens.get(begin..end).unwrap_or_default());
                (begin, body) = (end, Body::default());
            }
            Token::SemiColon => body.last = None,
            _ => {}
        }
    }
    parts.push(tokens.get(begin..).unwrap_or_default());
    parts
}

/// The number of tokens up to the end of a comment on this line; 0 if there is none.
fn rest_of_line(tokens: &[TokenWithSpan]) -> usize {
    let mut count = 0;
    for token in tokens {
        match &token.token {
            Token::Whitespace(Whitespace::Newline) => return 0,
            Token::Whitespace(Whitespace::SingleLineComment { .. }) => return count + 1,
            Token::Whitespace(_) => count += 1,
            _ => return 0,
        }
    }
    count
}

/// The depth in the blocks of a program, at the end of the words that were read.
#[derive(Default)]
struct Body {
    is_program: bool,
    words: usize,
    depth: usize,
    last: Option<Keyword>,
}

impl Body {
    fn word(&mut self, word: &Word) {
        self.words += 1;
        let after_end = self.last == Some(Keyword::END);
        match word.keyword {
            Keyword::TRIGGER | Keyword::PROCEDURE | Keyword::FUNCTION | Keyword::EVENT
                if self.words < 12 =>
            {
                self.is_program = true;
            }
            // `END CASE` ends one block and does not begin another.
            Keyword::BEGIN | Keyword::CASE if self.is_program && !after_end => self.depth += 1,
            Keyword::END if self.is_program => self.depth = self.depth.saturating_sub(1),
            // The beginning of such a block was not counted.
            _ if self.is_program
                && after_end
                && UNCOUNTED.contains(&&*word.value.to_lowercase()) =>
            {
                self.depth += 1;
            }
            _ => {}
        }
        self.last = Some(word.keyword);
    }
}
