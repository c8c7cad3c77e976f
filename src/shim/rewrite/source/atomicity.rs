//! Tells from the tokens whether a text that the database refuses has had no effect. For texts that
//! are not parsed.

use std::ops::ControlFlow;

use sqlparser::tokenizer::{Token, Tokenizer};

use crate::Dialect;
use crate::shim::rewrite::grammar;

/// Returns true if a text that the database refuses has had no effect, so that it may be sent again.
///
/// Of several statements the first ones may have had theirs, and so may the first rows of a
/// statement of SQLite's that says `OR FAIL`. `true` is certain; a text that cannot be taken apart
/// counts as one of which a part may be done.
#[must_use]
pub fn is_atomic(sql: &str, dialect: Dialect) -> bool {
    let fails_late = dialect == Dialect::Sqlite && has_word(sql, "fail");
    // Nearly every text: no look at its tokens.
    if !fails_late && !sql.trim_end().trim_end_matches(';').contains(';') {
        return true;
    }
    // What is in such a comment is read by the server, and not by the tokenizer.
    if dialect == Dialect::MariaDb && (sql.contains("/*!") || sql.contains("/*M!")) {
        return false;
    }
    let Ok(tokens) = Tokenizer::new(grammar::grammar(dialect), sql).tokenize() else {
        return false;
    };
    let mut statements = Statements::default();
    let mut significant = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_)));
    significant.try_for_each(|token| statements.read(token)).is_continue() && statements.inside == 0
}

fn has_word(sql: &str, word: &str) -> bool {
    sql.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The part of a text that has been read, token by token.
#[derive(Default)]
struct Statements {
    kind: Kind,
    /// The blocks and `CASE`s that are open in the body of what is created.
    inside: usize,
    before: Before,
    /// The first statement has ended.
    ended: bool,
}

/// The kind of statement, as far as it has been read.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing has been read.
    #[default]
    Begins,
    /// It begins with `CREATE`.
    Creates,
    /// It creates what may have statements in its body.
    WithBody,
    Plain,
}

/// The token before, where it matters to the next one.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    Period,
    Or,
    End,
    #[default]
    Other,
}

impl Statements {
    /// Reads a token; breaks where a part of the text may be done before the rest is refused.
    pub(crate) fn read(&mut self, token: &Token) -> ControlFlow<()> {
        let before = std::mem::take(&mut self.before);
        if *token == Token::SemiColon {
            self.ended |= self.inside == 0 && self.kind != Kind::Begins;
            return ControlFlow::Continue(());
        }
        if self.ended {
            return ControlFlow::Break(());
        }
        let word = match token {
            Token::Word(word) if word.quote_style.is_none() && before != Before::Period => {
                word.value.to_ascii_uppercase()
            }
            _ => String::new(),
        };
        self.kind = match (self.kind, word.as_str()) {
            (Kind::Begins, "CREATE") => Kind::Creates,
            (Kind::Begins, _) => Kind::Plain,
            (Kind::Creates, "TRIGGER" | "PROCEDURE" | "FUNCTION" | "EVENT" | "PACKAGE") => {
                Kind::WithBody
            }
            (kind, _) => kind,
        };
        self.before = match (token, word.as_str()) {
            (Token::Period, _) => Before::Period,
            (_, "OR") => Before::Or,
            (_, "END") => Before::End,
            (_, "FAIL") if before == Before::Or => return ControlFlow::Break(()),
            _ => Before::Other,
        };
        if self.kind == Kind::WithBody {
            self.read_body(before, &word)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Counts what `END` closes: a block or a `CASE`, but not in `END IF`, `END LOOP` and the like,
    /// whose beginnings are not counted.
    fn read_body(&mut self, before: Before, word: &str) -> ControlFlow<()> {
        match (before, word) {
            (Before::End, "CASE") => {}
            (Before::End, "IF" | "LOOP" | "WHILE" | "REPEAT" | "FOR") | (_, "BEGIN" | "CASE") => {
                self.inside += 1;
            }
            (_, "END") if self.inside == 0 => return ControlFlow::Break(()),
            (_, "END") => self.inside -= 1,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Dialect; 3] = [Dialect::Sqlite, Dialect::Postgres, Dialect::MariaDb];

    #[test]
    fn one_statement_is_told_from_several() {
        for (sql, whole) in [
            ("SELECT 1", true),
            ("SELECT 1;", true),
            (" ; SELECT 1 ; ;\n", true),
            ("SELECT ';' AS a, 'it''s;' AS b", true),
            ("SELECT 1; -- done; really", true),
            ("/* one; two */ SELECT 1; /* three; */", true),
            ("SELECT 1; SELECT 2", false),
            ("SELECT ';'; SELECT 2;", false),
            ("SELECT 1; /* then */ ; SELECT 2", false),
            ("BEGIN; SELECT 1; END", false),
            // It ends nowhere.
            ("SELECT 1; SELECT 'open", false),
        ] {
            for dialect in ALL {
                assert_eq!(is_atomic(sql, dialect), whole, "{dialect:?} {sql}");
            }
        }
    }

    #[test]
    fn the_statements_of_a_body_are_one_with_what_is_created() {
        const TRIGGER: &str = "CREATE TRIGGER t AFTER UPDATE ON users BEGIN \
             UPDATE log SET n = CASE WHEN new.begin THEN 1 ELSE 2 END; DELETE FROM log; END";
        const PROCEDURE: &str = "CREATE OR REPLACE PROCEDURE p() BEGIN \
             IF 1 THEN BEGIN SELECT 1; END; END IF; \
             CASE 1 WHEN 1 THEN SELECT 1; END CASE; LOOP SELECT 1; END LOOP; END";
        const FUNCTION: &str =
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END";
        for sql in [TRIGGER, PROCEDURE, FUNCTION] {
            for dialect in ALL {
                assert!(is_atomic(sql, dialect), "{sql}");
                assert!(is_atomic(&format!("{sql};"), dialect), "{sql}");
                assert!(!is_atomic(&format!("{sql}; SELECT 1"), dialect), "{sql}");
                assert!(!is_atomic(&format!("SELECT 1; {sql}"), dialect), "{sql}");
            }
        }
        // Only what is created: this is run, statement by statement.
        let block = "BEGIN NOT ATOMIC DELETE FROM log; UPDATE users SET handle = 'x'; END";
        assert!(!is_atomic(block, Dialect::MariaDb));
        // `begin` is a name here, and there are two statements.
        let name = "CREATE TRIGGER begin AFTER UPDATE ON users BEGIN SELECT 1; END; SELECT 1";
        assert!(!is_atomic(name, Dialect::Sqlite));
    }

    #[test]
    fn what_only_one_database_reads_so() {
        for (sql, dialect, whole) in [
            ("SELECT $$a; b$$", Dialect::Postgres, true),
            ("DO $x$ BEGIN DELETE FROM log; END $x$;", Dialect::Postgres, true),
            ("SELECT 'a\\'; b'", Dialect::MariaDb, true),
            ("SELECT 'a\\'; SELECT 'b'", Dialect::Sqlite, false),
            ("SELECT `a;b`", Dialect::MariaDb, true),
            ("SELECT [a;b]", Dialect::Sqlite, true),
            ("SELECT 1 /*! ; DELETE FROM log */", Dialect::MariaDb, false),
            ("SELECT 1 /*M! ; DELETE FROM log */", Dialect::MariaDb, false),
            ("SELECT 1; # done; really", Dialect::MariaDb, true),
            ("INSERT Or /**/ Fail INTO log VALUES (1), (2)", Dialect::Sqlite, false),
            ("UPDATE log SET fail = fail OR log.fail", Dialect::Sqlite, true),
            ("SELECT ok OR fail FROM log", Dialect::Postgres, true),
        ] {
            assert_eq!(is_atomic(sql, dialect), whole, "{dialect:?} {sql}");
        }
    }
}
