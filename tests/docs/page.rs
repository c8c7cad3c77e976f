//! A page of the documentation: its prose, its links, its headings and its blocks of code.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use regex::Regex;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page that people read, relative to the repository.
pub fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(PathBuf::from).into();
    pages.extend(files("docs", "md"));
    assert!(pages.len() > 15, "only {pages:?} were found");
    pages
}

/// The files below a folder with this ending, relative to the repository.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                files.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

/// A block between fences: its language, such as `sh`, and where its lines stand in the page.
pub struct Block {
    pub language: String,
    pub lines: Range<usize>,
}

pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut at, mut open) = (0, None);
    for line in text.split_inclusive('\n') {
        if let Some(fence) = line.trim_start().strip_prefix("```") {
            open = match open.take() {
                None => Some((fence.trim().to_owned(), at + line.len())),
                Some((language, start)) => {
                    blocks.push(Block { language, lines: start..at });
                    None
                }
            };
        }
        at += line.len();
    }
    assert!(open.is_none(), "a block of code has no end");
    blocks
}

/// The text without blocks of code.
pub fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut at = 0;
    for block in blocks(text) {
        prose.push_str(&text[at..block.lines.start]);
        at = block.lines.end;
    }
    prose + &text[at..]
}

/// `[text](target)`, `[text]: target`, `src="target"` -> the targets. What stands in `code` is none.
pub fn links(text: &str) -> Vec<String> {
    let code = Regex::new("`[^`\n]*`").unwrap();
    let link = Regex::new(
        r#"(?m)\]\(([^()\s]+(?:\([^()\s]*\))?)\)|^\[[^\]]+\]: (\S+)|(?:src|srcset|href)="([^"]+)""#,
    );
    let prose = prose(text);
    let prose = code.replace_all(&prose, "");
    let found = link.unwrap();
    let found = found.captures_iter(&prose);
    found.map(|link| link.iter().skip(1).flatten().next().unwrap().as_str().to_owned()).collect()
}

/// `## A heading, and more` -> `a-heading-and-more`; the second of the same name ends with `-1`.
pub fn anchors(text: &str) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let anchors = headings.map(|heading| {
        let title = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let count = seen.entry(anchor.clone()).or_default();
        *count += 1;
        if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
    });
    anchors.collect()
}
