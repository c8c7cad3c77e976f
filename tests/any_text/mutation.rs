//! Statements of the list, put out of shape.

use super::choices::Choices;
use super::seeds::seeds;

/// Names, with and without meaning to a rename.
const NAMES: [&str; 36] = [
    "username",
    "handle",
    "email",
    "mail",
    "id",
    "users",
    "posts",
    "author",
    "writer",
    "title",
    "u",
    "users.username",
    "users.handle",
    "u.handle",
    "u.username",
    "excluded.handle",
    "users.*",
    "*",
    "u.*",
    "public.users",
    "main.users",
    "other.users",
    "\"we\"\"ird ü\"",
    "\"na\"\"me\"",
    "`имя```",
    "[na\"me]",
    "NEW",
    "new.handle",
    "users.users",
    "u.u",
    "public.users.handle",
    "rowid",
    "ctid",
    "users.username.x",
    "U&\"\\0075sers\"",
    "q",
];

/// What may stand where an expression does.
const EXPRESSIONS: [&str; 40] = [
    "?",
    "$1",
    "$2",
    "?1",
    ":name",
    "@v",
    "NULL",
    "DEFAULT",
    "'s3cr3t'",
    "42",
    "1.5e3",
    "TRUE",
    "lower(username)",
    "random()",
    "nextval('s')",
    "count(*)",
    "count(handle)",
    "(username, id)",
    "(SELECT username FROM users)",
    "(SELECT max(author) FROM posts)",
    "username::text",
    "CAST(handle AS text)",
    "handle COLLATE \"C\"",
    "x'6162'",
    "E'\\n'",
    "$$s3cr3t$$",
    "N'é'",
    "ARRAY[username]",
    "users",
    "username IS handle",
    "NOT handle",
    "- id",
    "handle -> 'a' ->> 'b'",
    "CASE WHEN handle THEN 1 END",
    "EXISTS (SELECT * FROM users)",
    "sum(id) OVER (ORDER BY handle)",
    "VALUES(handle)",
    "username || handle",
    "handle NOT IN (1, 2)",
    "INTERVAL '1 day'",
];

/// What may stand between two tokens.
const SPACES: [&str; 12] = [
    " ",
    "\n",
    "\r\n",
    "\t",
    "/* username */",
    "-- users\n",
    "/* a /* b */ c */",
    "# users\n",
    "/*!50000 handle */",
    "\u{a0}",
    "\u{c}",
    "/**/",
];

/// Parts of statements that begin with a word of their own.
const PARTS: [&str; 40] = [
    " WHERE handle = ?",
    " ORDER BY username",
    " GROUP BY handle",
    " HAVING max(username) > 'a'",
    " LIMIT 1",
    " OFFSET 2",
    " FOR UPDATE OF users",
    " RETURNING *",
    " RETURNING username",
    " RETURNING users.handle AS x",
    " UNION SELECT handle FROM users",
    " EXCEPT SELECT 1",
    " JOIN users USING (handle)",
    " NATURAL JOIN users",
    " LEFT JOIN users u ON u.handle = title",
    " CROSS JOIN LATERAL (SELECT handle) AS l",
    ", users AS v",
    " AS username",
    " AS q",
    " handle",
    " ON CONFLICT (username) DO NOTHING",
    " ON CONFLICT DO UPDATE SET handle = excluded.handle",
    " ON DUPLICATE KEY UPDATE username = VALUES(username)",
    " SET username = ?",
    " FROM users",
    " FROM posts, users",
    " WINDOW w AS (PARTITION BY username)",
    " OVER w",
    " DISTINCT",
    " DISTINCT ON (handle)",
    " TABLESAMPLE SYSTEM (1)",
    " INDEXED BY i",
    " COLLATE NOCASE",
    " NULLS LAST",
    " WITH TIES",
    " FILTER (WHERE handle > 'a')",
    " AS MATERIALIZED",
    " ONLY",
    " OVERRIDING USER VALUE",
    ";",
];

/// At most so many changes: more leave nothing of the statement.
const MOST: usize = 6;

/// A statement by choice.
pub fn mutated(choices: &mut Choices<'_>) -> String {
    let mut parts = statement(choices);
    for _ in 0..MOST {
        if choices.is_over() {
            break;
        }
        change(&mut parts, choices);
    }
    parts.concat()
}

fn statement(choices: &mut Choices<'_>) -> Vec<String> {
    let sql = choices.of(seeds()).replace("{c}", choices.of(&["username", "handle"]));
    taken_apart(&sql)
}

fn change(parts: &mut Vec<String>, choices: &mut Choices<'_>) {
    if parts.is_empty() {
        parts.push(String::new());
    }
    let at = choices.below(parts.len());
    match choices.below(16) {
        0 => parts.swap(at, 0),
        1 => {
            let other = choices.below(parts.len());
            parts.swap(at, other);
        }
        2 => drop(parts.remove(at)),
        3 => {
            let end = (at + 1 + choices.below(12)).min(parts.len());
            drop(parts.drain(at..end));
        }
        4 => {
            let end = (at + 1 + choices.below(12)).min(parts.len());
            let copy = parts[at..end].to_vec();
            let to = choices.below(parts.len() + 1);
            drop(parts.splice(to..to, copy));
        }
        5 => parts[at] = choices.of(&NAMES).to_owned(),
        6 => parts[at] = choices.of(&EXPRESSIONS).to_owned(),
        7 => parts.insert(at, choices.of(&SPACES).to_owned()),
        8 => parts.insert(at, choices.of(&PARTS).to_owned()),
        9 => parts[at] = other_case(&parts[at], choices),
        10 => parts[at] = other_quotes(&parts[at], choices),
        11 => {
            let mut other = statement(choices);
            let from = choices.below(other.len());
            parts.truncate(at);
            parts.extend(other.split_off(from));
        }
        12 => {
            let inner = statement(choices).concat();
            parts[at] = format!("({inner})");
        }
        13 => {
            let whole = parts.concat();
            *parts = vec![wrapped(&whole, choices)];
        }
        14 => {
            parts.push(choices.of(&["; ", ";\n", ", ", " UNION ALL "]).to_owned());
            parts.extend(statement(choices));
        }
        _ => {
            let sign = choices.of(&["(", ")", ",", ".", "'", "\"", "`", "=", "é"]);
            parts.insert(at, sign.to_owned());
        }
    }
}

/// The same statement inside of another.
fn wrapped(sql: &str, choices: &mut Choices<'_>) -> String {
    match choices.below(8) {
        0 => format!("EXPLAIN {sql}"),
        1 => format!("SELECT * FROM ({sql}) AS q"),
        2 => format!("WITH q AS ({sql}) SELECT * FROM q"),
        3 => format!("WITH users AS ({sql}) SELECT * FROM users"),
        4 => format!("INSERT INTO users (id, username) {sql}"),
        5 => format!("SELECT handle FROM users WHERE id IN ({sql}) ORDER BY handle"),
        6 => format!("CREATE TABLE copy AS {sql}"),
        _ => format!("UPDATE users SET (username, email) = ({sql})"),
    }
}

fn other_case(text: &str, choices: &mut Choices<'_>) -> String {
    match choices.below(3) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text
            .chars()
            .enumerate()
            .map(|(at, c)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c })
            .collect(),
    }
}

fn other_quotes(text: &str, choices: &mut Choices<'_>) -> String {
    let bare = text.trim_matches(['"', '`', '\'', '[', ']']);
    match choices.below(5) {
        0 => format!("\"{bare}\""),
        1 => format!("`{bare}`"),
        2 => format!("[{bare}]"),
        3 => format!("'{bare}'"),
        _ => bare.to_owned(),
    }
}

/// Words, quoted texts, spaces and signs. Put together again they are the text.
pub fn taken_apart(sql: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let end = match first {
            '\'' | '"' | '`' => rest[1..].find(first).map(|at| at + 2),
            c if is_name(c) => rest.find(|c| !is_name(c)),
            c if c.is_whitespace() => rest.find(|c: char| !c.is_whitespace()),
            c => Some(c.len_utf8()),
        };
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        parts.push(part.to_owned());
        rest = after;
    }
    parts
}
