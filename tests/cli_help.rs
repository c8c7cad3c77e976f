//! Help, examples, completions: what is promised there is true.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use crate::support::project::{Db, Output, Project};

/// Every command that can be typed, found by way of the help itself.
pub fn commands(project: &Project) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut at = 0;
    while let Some(command) = found.get(at).cloned() {
        at += 1;
        let help = help(project, &command).stdout;
        let Some((_, list)) = help.split_once("\nCommands:\n") else { continue };
        for line in list.lines().take_while(|line| line.starts_with("  ")) {
            let name = line.split_whitespace().next().unwrap();
            if name != "help" && line.starts_with("  ") && !line.starts_with("   ") {
                found.push([command.clone(), vec![name.to_owned()]].concat());
            }
        }
    }
    found
}

fn help(project: &Project, command: &[String]) -> Output {
    let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
    arguments.push("--help");
    let output = project.handover(&arguments).expect_status(0);
    assert_eq!(output.stderr, "");
    output
}

#[test]
fn every_command_has_help() {
    let project = Project::new(Db::Sqlite);
    let commands = commands(&project);
    let names: Vec<String> = commands.iter().map(|command| command.join(" ")).collect();
    for name in [
        "gen rename",
        "db init",
        "db status",
        "db plan",
        "db migrate",
        "db rollback",
        "check",
        "release path",
        "release notice",
        "release squash",
        "man",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
    }
    for command in &commands {
        let help = help(&project, command);
        assert!(!help.stdout.contains('\u{1b}'), "{help}");
        for line in help.stdout.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn every_example_in_the_help_can_be_typed() {
    let project = Project::new(Db::Sqlite);
    let mut examples = BTreeSet::new();
    for command in commands(&project) {
        let help = help(&project, &command).stdout;
        let lines = help.lines().skip_while(|line| !line.starts_with("Example"));
        let own = lines.filter_map(|line| line.strip_prefix("  handover "));
        // What follows a wide gap explains the example.
        let own: Vec<_> = own.map(|line| line.split("   ").next().unwrap().to_owned()).collect();
        if !help.contains("\nCommands:\n") {
            let name = command.join(" ");
            assert!(own.iter().any(|example| example.starts_with(&name)), "{name}: {help}");
        }
        examples.extend(own);
    }
    assert!(examples.len() > 8, "{examples:?}");
    for example in examples {
        let project = Project::worked_example(Db::Sqlite, "9.0.0");
        let said = typed(&project, &example);
        // The project does not fit every example; but none is wrong usage.
        assert!(!said.contains("For more information") && !said.contains("panicked"), "{said}");
    }
}

/// What the command says when a line is typed into a shell.
fn typed(project: &Project, line: &str) -> String {
    let folder = project.root().join("completions");
    std::fs::create_dir(&folder).unwrap();
    let line = line.replace("/etc/bash_completion.d", folder.to_str().unwrap());
    let line = line.replace("/usr/local/share/man/man1", folder.to_str().unwrap());
    let command = project.command(&[]);
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(format!("\"$0\" {line}")).arg(command.get_program());
    shell.env_clear().current_dir(project.root());
    shell.envs(command.get_envs().filter_map(|(key, value)| Some((key, value?))));
    let output = shell.output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn the_main_help() {
    let project = Project::new(Db::Sqlite);
    insta::assert_snapshot!(help(&project, &[]), @r"
    Rename a database column while the application keeps running

    Usage: handover [OPTIONS] <COMMAND>

    Commands:
      gen          Generate the migrations of a change
      db           Migrate the database, or look at it
      release      Put migrations into releases, and say what upgrades need
      rehearse     Run the app's tests in every state that it may meet while changes are under way
      check        Check the migration files without a database
      completions  Print a completion script for a shell
      man          Print the manual, or write a page for each command to a folder
      help         Print this message or the help of the given subcommand(s)

    Options:
          --root <DIR>             The project's folder, with VERSION and release_migrations [default:
                                   .]
      -v, --verbose                Show each step
          --database-url <URL>     The database [env: DATABASE_URL] [default:
                                   sqlite://handover.sqlite3?mode=rwc]
          --app-version <RELEASE>  The app's release, instead of that in the environment variable
                                   VERSION or the file VERSION
      -h, --help                   Print help
      -V, --version                Print version

    Examples:
      handover gen rename users.username handle     write the three migrations of a rename
      handover db migrate --pre                     before the new release is rolled out
      handover db migrate --post --wait 10m         after every process runs it
      handover db status                            where every change is

    Exit status: 0 done or nothing to do; 1 failed; 2 wrong usage or a bad file;
    3 refused, try later or follow the hint; 4 interrupted, run again to resume.
    [exit 0]
    ");
}

#[test]
fn completions_for_each_shell() {
    let project = Project::new(Db::Sqlite);
    for shell in ["bash", "zsh", "fish"] {
        let output = project.handover(&["completions", shell]).expect_status(0);
        assert!(
            output.stdout.contains("rollback") && output.stdout.contains("handover"),
            "{output}"
        );
        assert_eq!(output.stderr, "");
    }
    let _ = project.handover(&["completions", "cmd"]).expect_status(2);
}

#[test]
fn the_version_is_that_of_the_package() {
    let project = Project::new(Db::Sqlite);
    let expect = format!("handover {}\n", env!("CARGO_PKG_VERSION"));
    for flag in ["--version", "-V"] {
        assert_eq!(project.handover(&[flag]).expect_status(0).stdout, expect);
    }
}

#[test]
fn what_is_typed_wrong() {
    let project = Project::new(Db::Sqlite);
    let mut text = String::new();
    for arguments in [
        &["--nonsense"][..],
        &["db", "migrate", "--nonsense"],
        &["db", "migrat"],
        &["db", "migrate", "--wait", "5"],
        &["db", "migrate", "--wait", "soon"],
        &["db", "migrate", "--wait", "-5s"],
        &["db", "migrate", "--batch-size", "0"],
        &["db", "migrate", "--pre", "--post"],
        &["db", "plan", "extra"],
    ] {
        let before = project.traces();
        let output = project.handover(arguments).expect_status(2);
        assert!(project.traces() == before, "{output}");
        writeln!(text, "## {}\n{output}", arguments.join(" ")).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    ## --nonsense
    --- stderr ---
    error: unexpected argument '--nonsense' found

    Usage: handover [OPTIONS] <COMMAND>

    For more information, try '--help'.
    [exit 2]
    ## db migrate --nonsense
    --- stderr ---
    error: unexpected argument '--nonsense' found

    Usage: handover db migrate [OPTIONS]

    For more information, try '--help'.
    [exit 2]
    ## db migrat
    --- stderr ---
    error: unrecognized subcommand 'migrat'

      tip: a similar subcommand exists: 'migrate'

    Usage: handover db [OPTIONS] <COMMAND>

    For more information, try '--help'.
    [exit 2]
    ## db migrate --wait 5
    --- stderr ---
    error: invalid value '5' for '--wait <DURATION>': it must be a number with a unit, such as `[duration]` or `10m`

    For more information, try '--help'.
    [exit 2]
    ## db migrate --wait soon
    --- stderr ---
    error: invalid value 'soon' for '--wait <DURATION>': it must be a number with a unit, such as `[duration]` or `10m`

    For more information, try '--help'.
    [exit 2]
    ## db migrate --wait -5s
    --- stderr ---
    error: unexpected argument '-5' found

    Usage: handover db migrate [OPTIONS]

    For more information, try '--help'.
    [exit 2]
    ## db migrate --batch-size 0
    --- stderr ---
    error: invalid value '0' for '--batch-size <ROWS>': 0 is not in 1..=1000000

    For more information, try '--help'.
    [exit 2]
    ## db migrate --pre --post
    --- stderr ---
    error: the argument '--pre' cannot be used with '--post'

    Usage: handover db migrate --pre

    For more information, try '--help'.
    [exit 2]
    ## db plan extra
    --- stderr ---
    error: unexpected argument 'extra' found

    Usage: handover db plan [OPTIONS]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn no_escapes_where_there_is_no_terminal() {
    let project = Project::worked_example(Db::Sqlite, "9.0.1");
    for arguments in [
        &["gen", "rename", "posts.title", "name", "--release", "9.0.0"][..],
        &["db", "migrate"],
        &["db", "status"],
        &["db", "plan"],
        &["db", "rollback", "--step", "9"],
        &["db", "migrate", "--nonsense"],
        &["check"],
    ] {
        // Not even without NO_COLOR, which the other tests set.
        let mut command = project.command(arguments);
        let output = command.env_remove("NO_COLOR").env("TERM", "xterm-256color").output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.is_empty() && !said.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
    }
}
