//! The sentences of `handover gen`.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::generator::Advice;
use crate::model::Release;

/// The advice after generating a change.
pub fn advice(advice: &Advice) -> String {
    let mut text = String::new();
    for (title, items) in [
        ("now", &advice.now),
        ("later", &advice.later),
        ("leave alone", &advice.leave),
        ("the other way", &advice.other_way),
    ] {
        if items.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{title}:");
        for item in items {
            let _ = writeln!(text, "  - {item}");
        }
    }
    text
}

/// The next thing to type after generating.
pub fn after_generating(files: &[(PathBuf, String)], release: Option<&Release>) -> String {
    match (release, files.first().and_then(|(path, _)| path.parent())) {
        (None, Some(folder)) => format!("git add {}", folder.display()),
        (Some(_), Some(folder)) => match folder.parent() {
            Some(releases) => format!("git add {}", releases.display()),
            None => "git add .".to_owned(),
        },
        (_, None) => "git add .".to_owned(),
    }
}
