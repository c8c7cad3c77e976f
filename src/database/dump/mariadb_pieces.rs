//! Splits a dump of MariaDB into the pieces that the server accepts.

/// Splits the dump into the pieces that the server accepts. Delimiters are handled by the client:
/// between two `DELIMITER` lines each piece is one statement; elsewhere a piece may have many.
pub(super) fn statements(dump: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut piece, mut end) = (String::new(), ";");
    let mut finish = |piece: &mut String| {
        let text = std::mem::take(piece);
        if !text.trim().is_empty() {
            pieces.push(text);
        }
    };
    for line in dump.lines() {
        if let Some(delimiter) = line.strip_prefix("DELIMITER ") {
            finish(&mut piece);
            end = delimiter.trim();
            continue;
        }
        match line.trim_end().strip_suffix(end) {
            Some(last) if end != ";" => {
                piece += last;
                finish(&mut piece);
            }
            _ => {
                piece += line;
                piece.push('\n');
            }
        }
    }
    finish(&mut piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_clients() {
        let dump = "SET a;\nCREATE b;\nDELIMITER ;;\nCREATE c BEGIN\n d;\nEND */;;\n\
                    DELIMITER ;\nSET e;\n";
        assert_eq!(
            statements(dump),
            ["SET a;\nCREATE b;\n", "CREATE c BEGIN\n d;\nEND */", "SET e;\n"]
        );
        assert!(statements("").is_empty());
    }
}
