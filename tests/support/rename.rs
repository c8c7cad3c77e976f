//! A rename in a project, and what its table looks like on the way.

use super::project::{Db, Project};

/// A rename that a project has its three migrations for: 9.0.0, 9.0.0 and 9.0.1.
///
/// The names are bare; `quoted` and `column` make SQL of them.
#[derive(Clone, Copy, Debug)]
pub struct Rename<'a> {
    pub schema: Option<&'a str>,
    pub table: &'a str,
    pub from: &'a str,
    pub to: &'a str,
}

pub const USERS: Rename<'static> =
    Rename { schema: None, table: "users", from: "username", to: "handle" };

impl Rename<'_> {
    /// Writes the three migrations into the project.
    pub fn write(&self, project: &Project) {
        let schema = self.schema.map(|schema| path_part(schema) + ".").unwrap_or_default();
        let table = serde_json::json!(schema + &path_part(self.table));
        let (from, to) = (serde_json::json!(self.from), serde_json::json!(self.to));
        for (number, (release, stage, deploy)) in [
            ("9.0.0", "expand", "pre"),
            ("9.0.0", "backfill", "post"),
            ("9.0.1", "contract", "post"),
        ]
        .into_iter()
        .enumerate()
        {
            let id = 20_261_121_093_000 + number;
            project.write(
                &format!("release_migrations/{release}/{id}_rename_it.{stage}.yml"),
                &format!(
                    "id: {id}\nchange: rename_it\nstage: {stage}\ndeploy: {deploy}\n\
                     rename: {{ table: {table}, from: {from}, to: {to} }}\n"
                ),
            );
        }
    }

    /// Writes the two migrations of a rename in place into the project: 9.0.0 and 9.0.1.
    pub fn write_in_place(&self, project: &Project) {
        let schema = self.schema.map(|schema| path_part(schema) + ".").unwrap_or_default();
        let table = serde_json::json!(schema + &path_part(self.table));
        let (from, to) = (serde_json::json!(self.from), serde_json::json!(self.to));
        let text = format!("rename_in_place: {{ table: {table}, from: {from}, to: {to} }}\n");
        for (release, file) in [
            ("9.0.0", "20261121093000_rename_it.expand.yml"),
            ("9.0.1", "20261121093001_rename_it.contract.yml"),
        ] {
            project.write(&format!("release_migrations/{release}/{file}"), &text);
        }
    }

    /// The table in SQL.
    pub fn quoted(&self) -> String {
        let schema = self.schema.map(|schema| column(schema) + ".").unwrap_or_default();
        schema + &column(self.table)
    }

    /// Schema and contents of the table.
    pub fn dump(&self, project: &Project) -> String {
        project.dump(&self.quoted())
    }

    /// Fails unless both columns are there and hold the same, byte for byte.
    #[track_caller]
    pub fn expect_equal(&self, project: &Project) {
        let (from, to) = (column(self.from), column(self.to));
        let differ = match project.db {
            Db::Sqlite => {
                format!("{from} COLLATE BINARY IS NOT {to} OR typeof({from}) <> typeof({to})")
            }
            Db::Postgres => format!("ROW({from})::record *<> ROW({to})::record"),
            Db::Mariadb => format!("NOT ({from} <=> {to} AND BINARY {from} <=> BINARY {to})"),
        };
        let sql = format!("SELECT CAST(count(*) AS text) FROM {} WHERE {differ}", self.quoted());
        assert_eq!(project.query(&sql), ["0"], "{}", self.dump(project));
    }

    /// Renames the column as somebody would who can stop the application.
    pub fn plainly(&self, project: &Project) {
        let (from, to) = (column(self.from), column(self.to));
        project.sql(&format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", self.quoted()));
    }
}

/// The only change's state, as the database has it.
pub fn state(project: &Project) -> String {
    project.query("SELECT state FROM handover_changes").join(", ")
}

/// A name in SQL.
pub fn column(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn path_part(name: &str) -> String {
    if name.contains('.') || name.starts_with('"') { column(name) } else { name.to_owned() }
}
