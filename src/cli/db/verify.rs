//! `handover db verify`.

use std::fmt::Write as _;

use serde_json::json;

use crate::cli::args::{Cli, Verify};
use crate::cli::error::CliError;
use crate::cli::project::Project;
use crate::cli::quantities::count;
use crate::cli::report::Report;
use crate::cli::trial::Trial;
use crate::database::Access;
use crate::migrator::{Finding, Status, Twice, run_twice, verify};

pub async fn run(cli: &Cli, args: &Verify, report: &Report) -> Result<(), CliError> {
    if args.idempotent {
        let trial = Trial::read(cli)?;
        let ran = run_twice(&trial.course(), &trial.beside).await?;
        report.text(&if args.look.json { twice_json(&ran) } else { twice(&ran) });
        let differ = ran.iter().filter(|ran| ran.differs.is_some()).count();
        return if differ == 0 { Ok(()) } else { Err(CliError::Twice { count: differ }) };
    }
    let (findings, status) = Project::with(cli, None, Access::Read, async |project| {
        Ok((verify(&project.migrator(report)).await?, project.status.clone()))
    })
    .await?;
    let text = if args.look.json { found_json(&findings) } else { found(&findings, &status) };
    report.text(&text);
    if findings.is_empty() { Ok(()) } else { Err(CliError::Findings { count: findings.len() }) }
}

fn found(findings: &[Finding], status: &Status) -> String {
    if status.metadata.is_none() {
        let (who, baseline) = match (status.uninitialised, status.other_apps.is_empty()) {
            (false, _) => ("handover has not run", ""),
            (true, true) => ("handover has not run", " --baseline RELEASE"),
            (true, false) => ("no migration of this app has run", " --baseline none"),
        };
        return format!(
            "{who} on this database, so there is nothing to compare\nnext: handover db \
             init{baseline}\n"
        );
    }
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(text, "{finding}\n  {}", finding.hint());
    }
    if findings.is_empty() {
        let migrations = count(status.migrations.len(), "migration");
        let own = status.changes.iter().filter(|change| change.app == status.app);
        let changes = count(own.count(), "change");
        let _ = writeln!(text, "the database matches its records: {migrations}, {changes}");
    }
    text
}

fn found_json(findings: &[Finding]) -> String {
    let found =
        |finding: &Finding| json!({ "problem": finding.to_string(), "hint": finding.hint() });
    let findings: Vec<_> = findings.iter().map(found).collect();
    format!("{:#}\n", json!({ "problems": findings }))
}

fn twice(ran: &[Twice]) -> String {
    let mut text = String::new();
    for Twice { release, name, stage, differs } in ran {
        let what = stage.map_or_else(|| name.clone(), |stage| format!("{stage} of {name}"));
        let _ = match (stage, differs) {
            (None, _) => writeln!(
                text,
                "{what} ({release}): one transaction with its note, never runs twice"
            ),
            (_, None) => writeln!(text, "{what} ({release}): the same when it runs again"),
            (_, Some((before, after))) => {
                writeln!(text, "{what} ({release}): differs\n  once:  {before}\n  again: {after}")
            }
        };
    }
    text
}

fn twice_json(ran: &[Twice]) -> String {
    let one = |Twice { release, name, stage, differs }: &Twice| {
        json!({
            "name": name,
            "stage": stage,
            "release": release,
            "twice": stage.is_some(),
            "once": differs.as_ref().map(|(before, _)| before),
            "again": differs.as_ref().map(|(_, after)| after),
        })
    };
    format!("{:#}\n", json!({ "migrations": ran.iter().map(one).collect::<Vec<_>>() }))
}
