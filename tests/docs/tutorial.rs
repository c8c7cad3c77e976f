//! The tutorial, run as it is written: each block of `sh` is typed into a shell in an empty folder, and
//! the block of `text` after it has to be what the shell prints.
//!
//! `HANDOVER_UPDATE_TUTORIAL=1` writes what is printed now into the page.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use super::page::{blocks, root};

const PAGE: &str = "docs/tutorial/first-rename.md";
/// Between what two blocks print.
const END: char = '\u{1e}';

/// A block of commands, and where the page shows what they print.
struct Step {
    commands: String,
    shown: Option<Range<usize>>,
}

fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in blocks(page) {
        match block.language.as_str() {
            "sh" => steps.push(Step { commands: page[block.lines].to_owned(), shown: None }),
            "text" => {
                let step = steps.last_mut().filter(|step| step.shown.is_none());
                step.expect("a block of text follows one of sh").shown = Some(block.lines);
            }
            other => panic!("the tutorial has a block of `{other}`"),
        }
    }
    steps
}

/// Types all blocks into one shell; gives what each of them printed.
fn printed(steps: &[Step]) -> Vec<String> {
    let mut script = "exec 2>&1\nset -e\n".to_owned();
    for step in steps {
        script.push_str(&step.commands);
        script.push_str("printf '\\036'\n");
    }
    let folder = tempfile::tempdir().unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_handover")).parent().unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    shell.env("HOME", folder.path()).env("NO_COLOR", "1").current_dir(folder.path());
    let output = shell.arg("-c").arg(script).output().unwrap();
    let all = String::from_utf8(output.stdout).unwrap();
    let mut parts: Vec<String> = all.split(END).map(str::to_owned).collect();
    let rest = parts.pop().unwrap();
    let next = steps.get(parts.len()).map_or("", |step| &step.commands);
    assert!(output.status.success(), "this ended with {:?}:\n{next}{rest}", output.status.code());
    parts
}

/// Without what is another in each run: ids, which are times, durations, and checksums of files with ids.
fn masked(text: &str) -> String {
    let mut text = text.to_owned();
    for (volatile, mask) in [
        (r"20\d{12}", "<id>"),
        (r"\bin \d+\.\d s\b", "in <time>"),
        (r"\bsha256:[0-9a-f]{64}\b", "sha256:<sum>"),
    ] {
        text = Regex::new(volatile).unwrap().replace_all(&text, mask).into_owned();
    }
    text
}

/// For each block that shows something else than is printed: its commands, what it shows, what is printed.
fn differences(page: &str) -> Vec<(Step, String, String)> {
    let steps = steps(page);
    let printed = printed(&steps);
    assert_eq!(printed.len(), steps.len());
    let pairs = steps.into_iter().zip(printed).map(|(step, printed)| {
        let shown = step.shown.clone().map_or("", |lines| &page[lines]).to_owned();
        (step, shown, printed)
    });
    pairs.filter(|(_, shown, printed)| masked(shown) != masked(printed)).collect()
}

#[test]
fn the_tutorial_prints_what_it_shows() {
    let path = root().join(PAGE);
    let mut page = fs::read_to_string(&path).unwrap();
    assert!(steps(&page).len() > 10, "only {} blocks were found", steps(&page).len());
    let differences = differences(&page);
    if std::env::var_os("HANDOVER_UPDATE_TUTORIAL").is_some() {
        for (step, _, printed) in differences.iter().rev() {
            let lines = step.shown.clone().expect("a block of text to write into");
            page.replace_range(lines, printed);
        }
        fs::write(&path, page).unwrap();
        return;
    }
    for (step, shown, printed) in &differences {
        eprintln!("{}shown:\n{shown}printed:\n{printed}", step.commands);
    }
    assert!(differences.is_empty(), "{PAGE} differs from the program; see above");
}

#[test]
fn a_tutorial_that_shows_something_else_is_found_out() {
    let page = "```sh\nhandover check\necho 20261130061405\n```\n\n\
                ```text\n0 migration files, no problem\n20250101000000\n```\n\n\
                ```sh\nhandover --version\n```\n\n```text\nhandover 0.0.0\n```\n\n\
                ```sh\necho said\n```\n";
    let differences = differences(page);
    let commands: Vec<_> = differences.iter().map(|(step, ..)| step.commands.as_str()).collect();
    assert_eq!(commands, ["handover --version\n", "echo said\n"]);
}
