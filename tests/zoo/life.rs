//! The whole life of a rename, there and back, and what has to be left of it.

use super::case::{Case, Expect, Keeper};
use super::place::{self, Mould};
use super::whole::{Named, Whole};
use super::writer::{Writer, statements};
use crate::support::project::{Db, Output, Project};
use crate::support::rename::column;

/// How the life of a case may end; anything else is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every step succeeded, and nothing differs.
    Equal,
    /// The refusal came before anything was changed.
    Refused,
}

/// The way in which the column is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Copy,
    InPlace,
}

/// A life that is being led.
struct Life<'a> {
    way: Way,
    case: &'a Case,
    /// Leaves the fleet before its database goes.
    writer: Option<Writer>,
    project: Project,
    url: String,
}

/// Leads the life of a case.
///
/// # Errors
/// The outcome is not the expected one: at which step, with what the command said or what differs.
pub fn lead(case: &Case, keeper: Keeper) -> Result<Outcome, String> {
    lead_by(case, keeper, Way::Copy)
}

/// Leads the life of a case that is renamed in place. What the case expects of a copy does not count.
///
/// # Errors
/// The same as of [`lead`].
pub fn lead_in_place(case: &Case, keeper: Keeper) -> Result<Outcome, String> {
    let mut case = case.clone();
    case.expect = Expect::Any;
    lead_by(&case, keeper, Way::InPlace)
}

fn lead_by(case: &Case, keeper: Keeper, way: Way) -> Result<Outcome, String> {
    let mould = Mould::new(case, keeper)?;
    let project = mould.cast()?;
    let url = place::url(case, &project);
    let mut life = Life { way, case, project, url, writer: None };
    let original = life.whole(&case.from);

    life.run("init", "8.17.0", &["db", "init", "--baseline", "8.17.0"], 0)?;
    if case.options.is_none() {
        // Else handover's tables may be in another schema.
        life.project.make_an_hour_older();
    }
    match way {
        Way::Copy => case.rename().write(&life.project),
        Way::InPlace => case.rename().write_in_place(&life.project),
    }
    let plan = life.handover("9.0.0", &["db", "plan"]);
    if plan.status == Some(3) {
        life.is_refused(&plan, &original)?;
        return match &case.expect {
            Expect::Equal => Err(format!("it is refused, and should be carried over:\n{plan}")),
            _ => Ok(Outcome::Refused),
        };
    }
    if plan.status != Some(0) {
        return Err(format!("plan: not status 0 or 3:\n{plan}"));
    }
    life.forth(&plan)?;
    life.is_there(&mould)?;
    life.back()?;
    life.is_back(&mould, &original)?;
    Ok(Outcome::Equal)
}

impl Life<'_> {
    fn handover(&self, version: &str, arguments: &[&str]) -> Output {
        self.project.version(version);
        let mut command = self.project.command(arguments);
        command.env("DATABASE_URL", &self.url);
        self.project.run(command)
    }

    /// Runs a command that has to end with this status. What it said to standard error.
    fn run(
        &self,
        step: &str,
        version: &str,
        words: &[&str],
        status: i32,
    ) -> Result<String, String> {
        let mut words = words.to_vec();
        if self.writer.is_some() && words[1] != "init" {
            // The app's process has to acknowledge each state.
            words.extend(["--wait", "1m"]);
        }
        let output = self.handover(version, &words);
        if std::env::var_os("HANDOVER_ZOO").is_some() {
            eprintln!("## {step}\n{output}");
        }
        if output.status == Some(status) {
            Ok(output.stderr)
        } else {
            Err(format!("{step}: not status {status}:\n{output}"))
        }
    }

    /// All that the database has in it, when the renamed column is called this.
    fn whole(&self, name: &str) -> Whole {
        whole(self.case, &self.project, name)
    }

    /// Plan has refused: then so does the first migration, in words, and nothing is changed.
    fn is_refused(&self, plan: &Output, original: &Whole) -> Result<(), String> {
        let migrate = self.run("migrate --pre", "9.0.0", &["db", "migrate", "--pre"], 3)?;
        let words = match &self.case.expect {
            Expect::Refused(words) | Expect::Either(words) => words.as_str(),
            Expect::Equal | Expect::Any => "",
        };
        let of_plan = plan.stdout.clone() + &plan.stderr;
        for (who, said) in [("plan", &of_plan), ("migrate --pre", &migrate)] {
            for word in words.split(", ").chain([self.case.table.as_str()]) {
                if !said.to_lowercase().contains(&word.to_lowercase()) {
                    return Err(format!("{who}: the refusal does not name `{word}`:\n{said}"));
                }
            }
        }
        if !migrate.contains("hint: ") {
            return Err(format!("migrate --pre: the refusal has no hint:\n{migrate}"));
        }
        match self.whole(&self.case.from).differs(original) {
            None => Ok(()),
            Some(differs) => Err(format!("it was refused, but has changed:\n{differs}")),
        }
    }

    /// The three stages forth, under the writes of the case.
    fn forth(&mut self, plan: &Output) -> Result<(), String> {
        let (from, to) = (self.case.from.clone(), self.case.to.clone());
        if !self.case.writes.is_empty() {
            let writer = Writer::start(self.case, &self.url);
            writer.write("8.17.0", &column_of(&self.project, &from))?;
            self.writer = Some(writer);
        }
        let pre = self.run("migrate --pre", "9.0.0", &["db", "migrate", "--pre"], 0);
        pre.map_err(|said| format!("plan had no objection:\n{plan}\n{said}"))?;
        if let Expect::Refused(words) = &self.case.expect {
            return Err(format!("it is not refused; the refusal should name `{words}`"));
        }
        self.writes("9.0.0", &to)?;
        self.run("migrate at 9.0.0", "9.0.0", &["db", "migrate"], 0)?;
        self.writes("9.0.1", &to)?;
        self.run("migrate at 9.0.1", "9.0.1", &["db", "migrate"], 0)?;
        Ok(())
    }

    fn back(&self) -> Result<(), String> {
        self.writes("9.0.1", &self.case.to)?;
        let all = ["rollback of contract", "rollback of backfill", "rollback of expand"];
        for step in
            all.into_iter().filter(|step| self.way == Way::Copy || !step.ends_with("backfill"))
        {
            self.run(step, "9.0.1", &["db", "rollback"], 0)?;
        }
        Ok(())
    }

    fn writes(&self, release: &'static str, name: &str) -> Result<(), String> {
        if let Some(writer) = &self.writer {
            writer.write(release, &column_of(&self.project, name))?;
        }
        Ok(())
    }

    fn rounds(&self) -> Result<usize, String> {
        self.writer.as_ref().map_or(Ok(0), Writer::pause)
    }

    /// Compares with a database that was renamed at a stroke.
    fn is_there(&self, mould: &Mould<'_>) -> Result<(), String> {
        let (rounds, (case, to)) = (self.rounds()?, (self.case, &self.case.to));
        let there = self.whole(to);
        let other = mould.cast()?;
        write(case, &other, &case.from, rounds)?;
        plainly(case, &other)?;
        // A rename leaves the names of constraints and indexes as they are, as one in place does.
        let named = if self.way == Way::InPlace { to } else { &case.from };
        match there.differs(&whole(case, &other, named)) {
            None => Ok(()),
            Some(differs) => {
                Err(format!("there: it differs from a plain RENAME COLUMN (-):\n{differs}"))
            }
        }
    }

    /// Compares with a database that was never renamed.
    fn is_back(&self, mould: &Mould<'_>, original: &Whole) -> Result<(), String> {
        let (rounds, case) = (self.rounds()?, self.case);
        let back = self.whole(&case.from);
        let expect = if rounds == 0 {
            original.clone()
        } else {
            let other = mould.cast()?;
            write(case, &other, &case.from, rounds)?;
            whole(case, &other, &case.from)
        };
        match back.differs(&expect) {
            None => Ok(()),
            Some(differs) => Err(format!("back: it differs from the original (-):\n{differs}")),
        }
    }
}

pub fn whole(case: &Case, project: &Project, name: &str) -> Whole {
    let (schema, table) = (case.schema.as_deref(), case.table.as_str());
    let is_written = !case.writes.is_empty();
    Whole::of(project, Named { schema, table, column: name, is_written })
}

/// The column's name in the SQL of the database.
pub fn column_of(project: &Project, name: &str) -> String {
    match project.db {
        Db::Mariadb => format!("`{}`", name.replace('`', "``")),
        _ => column(name),
    }
}

/// Renames the column at a stroke, and does what is known that this leaves undone.
pub fn plainly(case: &Case, project: &Project) -> Result<(), String> {
    let (from, to) = (column_of(project, &case.from), column_of(project, &case.to));
    let quoted = |name: &String| column_of(project, name);
    let schema = case.schema.as_ref().map(|schema| quoted(schema) + ".").unwrap_or_default();
    let table = schema + &quoted(&case.table);
    let rename = format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}");
    let mut texts = vec![rename.as_str()];
    texts.extend(case.reference.iter().map(String::as_str));
    place::load(project, &texts)
}

/// Sends the statements of the rounds to a database that has no part in the rename.
fn write(case: &Case, project: &Project, name: &str, rounds: usize) -> Result<(), String> {
    let name = column_of(project, name);
    let all: Vec<String> = (1..=rounds).flat_map(|round| statements(case, &name, round)).collect();
    let mut texts = vec!["BEGIN"];
    texts.extend(all.iter().map(String::as_str));
    texts.push("COMMIT");
    if rounds == 0 { Ok(()) } else { place::load(project, &texts) }
}
