//! `docs/reference/commands.md`: the help of each command, as the command prints it.

use std::fmt::Write as _;

use clap::{Command, Id};

const INTRODUCTION: &str = "\
# Commands

This page shows what `handover COMMAND --help` prints. The options of [`handover`](#handover) itself go with
every command, and are listed once. See also [settings](settings.md) and [exit statuses](exit-status.md).

The page is generated: `cargo run --example generate_docs`.
";

/// `gen rename` -> a heading `handover gen rename` with its help in a block of text.
pub fn page() -> String {
    // The page must not depend on the environment of whoever makes it.
    let mut command =
        handover::cli::command().term_width(96).mut_args(|arg| arg.hide_env_values(true));
    command.build();
    let own: Vec<Id> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    let mut page = INTRODUCTION.to_owned();
    describe(command, &own, &mut page);
    page
}

fn describe(mut command: Command, listed: &[Id], page: &mut String) {
    let help = command.render_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let name = command.get_bin_name().unwrap_or("handover");
    // Nothing fails that is written into a string.
    let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", help.join("\n").trim_end());
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        let part = part.clone().mut_args(|arg| {
            let hide = listed.contains(arg.get_id());
            arg.hide(hide).hide_env_values(true)
        });
        describe(part, listed, page);
    }
}
