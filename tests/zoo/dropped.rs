//! The life of a drop: there, back as if nothing had happened, and to its end.

use super::case::{Case, Keeper};
use super::life::{Outcome, column_of, whole};
use super::place::{self, Mould};
use crate::support::project::{Db, Output, Project};

/// The column's name while its values are kept.
const ASIDE: &str = "kept_aside";

/// Leads the life of a case whose column is dropped.
///
/// # Errors
/// At which step something was wrong, with what the command said or what differs.
pub fn lead_drop(case: &Case, keeper: Keeper) -> Result<Outcome, String> {
    let mould = Mould::new(case, keeper)?;
    let project = mould.cast()?;
    let url = place::url(case, &project);
    let life = Life { case, project, url };
    let original = whole(case, &life.project, &case.from);
    let differs = |step: &str, other: &super::whole::Whole| {
        let now = whole(case, &life.project, &case.from);
        now.differs(other)
            .map_or(Ok(()), |differs| Err(format!("{step}: it differs (-):\n{differs}")))
    };
    life.run("init", "8.17.0", &["db", "init", "--baseline", "8.17.0"])?;
    life.write();
    let plan = life.handover("9.0.0", &["db", "plan", "--offline"]);
    if plan.status == Some(3) {
        let migrate = life.handover("9.0.0", &["db", "migrate", "--offline"]);
        if migrate.status != Some(3) || !migrate.stderr.contains("hint: ") {
            return Err(format!("plan refuses, migrate does not:\n{plan}\n{migrate}"));
        }
        differs("refused", &original)?;
        return Ok(Outcome::Refused);
    }
    let migrate = ["db", "migrate", "--offline"];
    for release in ["9.0.0", "9.0.1"] {
        life.run("forth", release, &migrate)?;
    }
    life.run("verify", "9.0.1", &["db", "verify"])?;
    life.run("back", "9.0.1", &["db", "rollback", "--step", "2"])?;
    differs("back", &original)?;
    life.run("forth again", "9.0.1", &migrate)?;
    life.run("purge", "9.1.0", &migrate)?;
    life.run("verify", "9.1.0", &["db", "verify"])?;
    let other = mould.cast()?;
    drop_plainly(case, &other)?;
    differs("purged", &whole(case, &other, &case.from))?;
    Ok(Outcome::Equal)
}

struct Life<'a> {
    case: &'a Case,
    project: Project,
    url: String,
}

impl Life<'_> {
    fn handover(&self, version: &str, arguments: &[&str]) -> Output {
        self.project.version(version);
        let mut command = self.project.command(arguments);
        command.env("DATABASE_URL", &self.url);
        self.project.run(command)
    }

    fn run(&self, step: &str, version: &str, words: &[&str]) -> Result<(), String> {
        let output = self.handover(version, words);
        if std::env::var_os("HANDOVER_ZOO").is_some() {
            eprintln!("## {step}\n{output}");
        }
        if output.status == Some(0) {
            Ok(())
        } else {
            Err(format!("{step} at {version}: not status 0:\n{output}"))
        }
    }

    /// Writes the three migrations.
    fn write(&self) {
        let part = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let schema = self.case.schema.as_deref().map(|name| part(name) + ".").unwrap_or_default();
        let table = serde_json::json!(schema + &part(&self.case.table));
        let column = serde_json::json!(self.case.from);
        let text = format!("drop: {{ table: {table}, column: {column}, aside: {ASIDE} }}\n");
        for (release, file) in [
            ("9.0.0", "20261121093000_drop_it.expand.yml"),
            ("9.0.1", "20261121093001_drop_it.contract.yml"),
            ("9.1.0", "20261121093002_drop_it.purge.yml"),
        ] {
            self.project.write(&format!("release_migrations/{release}/{file}"), &text);
        }
    }
}

/// Drops the column at a stroke; on SQLite, first the indexes on it.
fn drop_plainly(case: &Case, project: &Project) -> Result<(), String> {
    let quoted = |name: &String| column_of(project, name);
    let schema = case.schema.as_ref().map(|schema| quoted(schema) + ".").unwrap_or_default();
    let table = schema + &quoted(&case.table);
    let mut texts = Vec::new();
    if project.db == Db::Sqlite {
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        // By an index on an expression, the column is named in its text alone.
        let sql = format!(
            "SELECT l.name FROM pragma_index_list({}) l JOIN sqlite_schema s ON s.name = l.name \
             WHERE l.origin = 'c' AND instr(lower(s.sql), lower({})) > 0",
            literal(&case.table),
            literal(&case.from)
        );
        texts.extend(project.query(&sql).iter().map(|name| format!("DROP INDEX {}", quoted(name))));
    }
    texts.push(format!("ALTER TABLE {table} DROP COLUMN {}", quoted(&case.from)));
    place::load(project, &texts.iter().map(String::as_str).collect::<Vec<_>>())
}
