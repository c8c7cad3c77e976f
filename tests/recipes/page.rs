//! A recipe's blocks of `sh`, cut where a person has to roll out a release.

use std::fs;

use crate::docs::page::{blocks, root};

#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// A line for the shell.
    Type(String),
    /// `# roll out 2.0.0`.
    RollOut(String),
}

/// What a page of `docs/` says to do, in order.
pub fn steps(page: &str) -> Vec<Step> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let blocks = blocks(&text).into_iter().filter(|block| block.language == "sh");
    let lines = blocks.flat_map(|block| text[block.lines].lines());
    let steps = lines.map(|line| match line.strip_prefix("# roll out ") {
        Some(release) => Step::RollOut(release.to_owned()),
        None => Step::Type(line.to_owned()),
    });
    steps.collect()
}
