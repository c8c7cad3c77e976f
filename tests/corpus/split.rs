//! Scripts into statements.

/// The statements of a script, without their semicolons.
pub fn statements(script: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < script.len() {
        let rest = &script[at..];
        if rest.starts_with(';') && !is_open_trigger(&script[start..at]) {
            statements.push(script[start..at].trim().to_owned());
            at += 1;
            start = at;
        } else {
            at += skipped(rest);
        }
    }
    statements.push(script[start..].trim().to_owned());
    statements.retain(|statement| !statement.is_empty());
    statements
}

/// The bytes of a quoted text, a comment, or else one character.
fn skipped(rest: &str) -> usize {
    let until = |open: usize, close: &str| {
        rest[open..].find(close).map_or(rest.len(), |at| open + at + close.len())
    };
    let mut chars = rest.chars();
    match chars.next() {
        Some(quote @ ('\'' | '"' | '`')) => until(1, &quote.to_string()),
        Some('-') if rest.starts_with("--") => until(2, "\n"),
        Some('/') if rest.starts_with("/*") => until(2, "*/"),
        Some('$') => {
            let tag = rest[1..].find('$').map(|end| &rest[..end + 2]).unwrap_or_default();
            let inner = tag.trim_matches('$');
            let is_tag = !tag.is_empty()
                && !inner.starts_with(|c: char| c.is_ascii_digit())
                && inner.chars().all(|c| c == '_' || c.is_alphanumeric());
            if is_tag { until(tag.len(), tag) } else { 1 }
        }
        Some(c) => c.len_utf8(),
        None => 1,
    }
}

/// A trigger's body has statements of its own.
fn is_open_trigger(statement: &str) -> bool {
    let lower = statement.trim_start().to_lowercase();
    let mut words = lower.split_whitespace();
    let creates = words.next() == Some("create") && words.take(3).any(|word| word == "trigger");
    creates && lower.contains("begin") && !lower.trim_end().ends_with("end")
}

/// The words of a statement, lower-case, without what stands in quotes of a string.
pub fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c == '_' || c.is_alphanumeric();
        let end = if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else if first == '"' || first == '`' {
            1
        } else {
            skipped(rest)
        };
        if is_name(first) {
            words.push(rest[..end].to_lowercase());
        }
        rest = &rest[end.min(rest.len())..];
    }
    words
}

#[test]
fn scripts_are_split_at_the_semicolons_that_end_a_statement() {
    let script =
        "SELECT ';' -- ;\n; CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; $a$;$a$";
    let expected =
        ["SELECT ';' -- ;", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", "$a$;$a$"];
    assert_eq!(statements(script), expected);
    assert_eq!(words("SELECT \"A\".b, 'c' FROM d"), ["select", "a", "b", "from", "d"]);
}
