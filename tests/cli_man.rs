//! `man`: a page for every command, with what its help promises.

use std::fs;

use crate::cli_help::commands;
use crate::support::project::{Db, Project};

#[test]
fn every_command_has_a_page_with_its_examples() {
    let project = Project::new(Db::Sqlite);
    let folder = project.root().join("man");
    fs::create_dir(&folder).unwrap();
    let output = project.handover(&["man", "man"]).expect_status(0);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("", ""));
    let mut expected = Vec::new();
    for command in commands(&project) {
        let name = [vec!["handover".to_owned()], command.clone()].concat().join("-");
        let page = fs::read_to_string(folder.join(format!("{name}.1"))).unwrap_or_default();
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        arguments.push("--help");
        let help = project.handover(&arguments).expect_status(0).stdout;
        let examples: Vec<&str> = help
            .lines()
            .skip_while(|line| !line.starts_with("Example"))
            .filter_map(|line| line.strip_prefix("  handover "))
            .collect();
        assert!(help.contains("\nCommands:\n") || !examples.is_empty(), "{name}");
        // In roff a hyphen is `\-`, and a quote `\*(Aq`.
        let plain = page.replace("\\-", "-").replace("\\*(Aq", "'");
        for example in examples {
            assert!(plain.contains(&format!("handover {example}")), "{name}: {example}\n{page}");
        }
        expected.push(format!("{name}.1"));
    }
    let mut found: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let main = fs::read_to_string(folder.join("handover.1")).unwrap();
    let printed = project.handover(&["man"]).expect_status(0);
    assert_eq!(printed.stdout, main);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let project = Project::new(Db::Sqlite);
    insta::assert_snapshot!(project.handover(&["man", "no/such"]), @r"
    --- stderr ---
    error: cannot write the manual to `no/such`
    caused by: No such file or directory (os error 2)
    hint: make the folder first: `mkdir -p no/such`
    [exit 1]
    ");
}
