//! Statements out of the files of a corpus, as far as they can be had without running its language.

use std::fs;
use std::path::Path;

use handover::Dialect;
use regex::Regex;

use super::split::statements;

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Statement(String),
    /// The script begins anew with an empty database.
    Reset,
}

/// What a file has for a database of this kind. Its ending says what it is: SQLite's tests in TCL,
/// MariaDB's test language, programs in Rust, or else SQL for psql.
pub fn items(path: &Path, dialect: Dialect) -> Vec<Item> {
    let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("test") if dialect == Dialect::Sqlite => tcl(&text),
        Some("test") => plain(mysqltest(&text)),
        Some("rs") => plain(rust(&text, dialect)),
        _ => plain(statements(&psql(&text))),
    }
}

fn plain(statements: Vec<String>) -> Vec<Item> {
    statements.into_iter().map(Item::Statement).collect()
}

/// The braces behind the commands that run SQL.
fn tcl(text: &str) -> Vec<Item> {
    let command = Regex::new(
        r"(?m)\b(?:execsql2?|catchsql|db eval|do_(?:execsql|catchsql)_test\s+(?:-db \w+ )?\S+)\s+\{|^\s*(?:reset_db|db close)\b",
    );
    let mut items = Vec::new();
    for found in command.unwrap().find_iter(text) {
        if !found.as_str().ends_with('{') {
            items.push(Item::Reset);
            continue;
        }
        let (mut depth, mut end) = (1, found.end());
        let mut escaped = false;
        for (at, c) in text[found.end()..].char_indices() {
            match c {
                _ if escaped => {}
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            escaped = c == '\\' && !escaped;
            if depth == 0 {
                end = found.end() + at;
                break;
            }
        }
        items.extend(plain(statements(&text[found.end()..end])));
    }
    items
}

/// Lines up to the delimiter, without the commands of the test language.
fn mysqltest(text: &str) -> Vec<String> {
    const COMMANDS: &str = " let eval echo source connect connection disconnect error inc dec sleep \
        enable_warnings disable_warnings enable_query_log disable_query_log enable_result_log \
        disable_result_log enable_metadata disable_metadata enable_info disable_info sorted_result \
        replace_column replace_regex replace_result exec system perl die exit skip send reap write_file \
        append_file remove_file require vertical_results horizontal_results character_set \
        enable_ps_protocol disable_ps_protocol query_vertical query_horizontal save_master_pos ";
    const LINES: [&str; 5] = ["if", "while", "}", "{", "end"];
    let (mut statements, mut statement, mut delimiter) =
        (Vec::new(), String::new(), ";".to_owned());
    for line in text.lines() {
        let trimmed = line.trim();
        let empty = statement.trim().is_empty();
        let word =
            trimmed.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let word = word.trim_end_matches(';').to_lowercase();
        if trimmed.starts_with('#')
            || (empty && (trimmed.is_empty() || trimmed.starts_with("--")))
            || (empty && LINES.contains(&word.as_str()))
        {
            continue;
        }
        if empty && word == "delimiter" {
            let new = trimmed["delimiter".len()..].trim();
            let new = new.strip_suffix(delimiter.as_str()).unwrap_or(new);
            new.trim().clone_into(&mut delimiter);
            continue;
        }
        statement.push_str(line);
        statement.push('\n');
        if let Some(whole) = statement.trim_end().strip_suffix(delimiter.as_str()) {
            let first = whole.split_whitespace().next().unwrap_or_default().to_lowercase();
            if !COMMANDS.contains(&format!(" {first} ")) {
                statements.push(whole.trim().to_owned());
            }
            statement.clear();
        }
    }
    statements
}

/// The script without the lines for psql itself, and without data for `COPY`.
fn psql(text: &str) -> String {
    let mut script = String::new();
    let mut data = false;
    for line in text.lines() {
        let lower = line.trim().to_lowercase();
        if data {
            data = line != "\\.";
        } else if lower.starts_with("copy ") && lower.contains("from stdin") {
            data = true;
        } else if !lower.starts_with('\\') {
            script.push_str(line.split("\\g").next().unwrap_or_default());
            script.push('\n');
        }
    }
    script
}

/// String literals that begin as statements do; `["SELECT a", "FROM b"]` is one. Values take the
/// places of placeholders.
fn rust(text: &str, dialect: Dialect) -> Vec<String> {
    let literal = Regex::new(r##"(?s)r#"(.*?)"#|r"([^"]*)"|"((?:[^"\\]|\\.)*)""##).unwrap();
    let verb = Regex::new(r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE|MERGE)\b").unwrap();
    let continued = Regex::new(r"\\\n\s*").unwrap();
    let placeholder = Regex::new(if dialect == Dialect::Postgres { r"\$\d+" } else { r"\?" });
    let placeholder = placeholder.unwrap();
    let mut statements: Vec<String> = Vec::new();
    let mut end_of_last = None;
    for found in literal.captures_iter(text) {
        let whole = found.get(0).unwrap();
        let raw = found.get(1).or(found.get(2)).map(|raw| raw.as_str().to_owned());
        let part = raw.unwrap_or_else(|| {
            let part = continued.replace_all(&found[3], "");
            part.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")
        });
        let joined = end_of_last.is_some_and(|end: usize| text[end..whole.start()].trim() == ",");
        let part = placeholder.replace_all(&part, "'1'").into_owned();
        end_of_last = Some(whole.end());
        match statements.last_mut() {
            _ if verb.is_match(&part) => statements.push(part),
            Some(last) if joined => {
                last.push(' ');
                last.push_str(&part);
            }
            _ => end_of_last = None,
        }
    }
    statements
}

#[test]
fn statements_are_found_in_what_runs_them() {
    let is = |found: Vec<Item>, expected: &[&str]| {
        assert_eq!(found, plain(expected.iter().map(|sql| (*sql).to_owned()).collect()));
    };
    is(tcl("do_execsql_test a-1.0 {\n SELECT 1; SELECT '{}' } {1}"), &["SELECT 1", "SELECT '{}'"]);
    let script = "--error 1\nSELECT 1;\nlet $a= 1;\ndelimiter |;\nSELECT 2;\n SELECT 3|\n";
    is(plain(mysqltest(script)), &["SELECT 1", "SELECT 2;\n SELECT 3"]);
    let script = "\\set a\nCOPY t FROM stdin;\n1\n\\.\nSELECT 1 \\gset\n";
    is(plain(statements(&psql(script))), &["SELECT 1"]);
    let program = r##"f(["SELECT \"a\"", "FROM b"], r#"DELETE FROM "c" WHERE d = ?"#, "x")"##;
    let expected = ["SELECT \"a\" FROM b", "DELETE FROM \"c\" WHERE d = '1' x"];
    is(plain(rust(program, Dialect::Sqlite)), &expected);
}
