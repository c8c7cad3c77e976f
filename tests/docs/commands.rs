//! Each command that the documentation shows is one that the program takes, and each block of YAML can be
//! read.

use std::fs;
use std::process::Command;

use regex::Regex;

use super::page::{blocks, pages, root};

/// The arguments of each command in a block: `handover db plan`, `cargo run --bin handover -- db plan`,
/// `["handover", "db", "plan"]`, `ExecStart=/bin/handover db plan`.
fn commands(language: &str, text: &str) -> Vec<Vec<String>> {
    let line =
        Regex::new(r"(?m)(?:^|&& |- |run: |ExecStart=\S*/|-- )handover(?: --)? ([^\n#|&>]+)");
    let list = Regex::new(r#"\["handover", ([^\]]+)\]"#);
    let mut found = Vec::new();
    if ["sh", "yaml", "ini"].contains(&language) {
        // A line that ends with `\` goes on.
        let text = text.replace("\\\n", " ");
        found.extend(line.unwrap().captures_iter(&text).map(|found| words(&found[1])));
        let parts = |found: regex::Captures<'_>| {
            found[1].split(',').map(|part| part.trim().trim_matches('"').to_owned()).collect()
        };
        found.extend(list.unwrap().captures_iter(&text).map(parts));
    }
    found
}

/// The words of a line as a shell splits them.
fn words(line: &str) -> Vec<String> {
    let word = Regex::new(r#"'([^']*)'|"([^"]*)"|(\S+)"#).unwrap();
    let text = |found: regex::Captures<'_>| {
        found.iter().skip(1).flatten().next().unwrap().as_str().to_owned()
    };
    word.captures_iter(line).map(text).collect()
}

/// Whether the program takes these arguments. It is asked for help on top, so it does nothing else.
fn is_taken(arguments: &[String]) -> bool {
    // What follows `--` is another program's, and `%i` and `$…` are filled in by somebody else.
    let own: Vec<_> = arguments.iter().take_while(|argument| *argument != "--").collect();
    let own = own.into_iter().map(|argument| argument.replace("--%i", "--post"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover"));
    command.args(own).arg("--help").env_clear().output().unwrap().status.success()
}

#[test]
fn every_command_that_a_page_shows_is_one() {
    let mut shown = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        for block in blocks(&text) {
            for arguments in commands(&block.language, &text[block.lines.clone()]) {
                shown += 1;
                if !is_taken(&arguments) {
                    wrong.push(format!("{}: handover {}", page.display(), arguments.join(" ")));
                }
            }
        }
    }
    assert!(shown > 50, "only {shown} commands were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_command_that_does_not_exist_is_found_out() {
    let page =
        "handover db migrate --prae\ncd x && handover nonsense\n- handover check --format github\n";
    let found = commands("sh", page);
    let taken: Vec<_> = found.iter().map(|arguments| is_taken(arguments)).collect();
    assert_eq!(taken, [false, false, true], "{found:?}");
    let list =
        commands("yaml", r#"command: ["handover", "db", "migrate", "--post", "--wait", "10m"]"#);
    assert_eq!(list, [["db", "migrate", "--post", "--wait", "10m"]]);
}

#[test]
fn every_block_of_yaml_can_be_read() {
    let mut read = 0;
    for page in pages() {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        for block in blocks(&text).into_iter().filter(|block| block.language == "yaml") {
            let yaml = &text[block.lines];
            let value: Result<serde_json::Value, _> = serde_yaml::from_str(yaml);
            assert!(value.is_ok(), "{}: {:?}\n{yaml}", page.display(), value.err());
            read += 1;
        }
    }
    assert!(read > 10, "only {read} blocks were found");
}
