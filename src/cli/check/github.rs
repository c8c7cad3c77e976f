//! The findings as workflow commands of GitHub Actions.

use std::fmt::Write as _;

use super::Found;
use crate::releases::Finding;

/// Renders the findings as workflow commands, which GitHub Actions shows beside the lines of a pull
/// request.
pub fn text(found: &Found) -> String {
    let mut text = String::new();
    for finding in &found.findings {
        let Finding { rule, message, hint, path, line, column } = finding;
        let _ = write!(text, "::{} ", rule.severity.as_str());
        if let Some(path) = path {
            let _ = write!(text, "file={},", property(&path.to_string_lossy().replace('\\', "/")));
        }
        if let Some(line) = line {
            let _ = write!(text, "line={line},");
        }
        if let Some(column) = column {
            let _ = write!(text, "col={column},");
        }
        let hint = hint.iter().fold(String::new(), |_, hint| format!("\nhint: {hint}"));
        let _ = writeln!(
            text,
            "title={}::{}",
            property(&format!("handover: {}", rule.code)),
            data(&format!("{message}{hint}"))
        );
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("50%\r\n: ,"), "50%25%0D%0A: ,");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
