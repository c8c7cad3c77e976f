//! What a command has left behind: enough to see that it left nothing.

use std::fs;
use std::path::Path;

use super::project::{Db, Project};

/// The users of a small application.
pub const USERS: &str =
    "CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE);
    INSERT INTO users VALUES (1, 'ada'), (2, 'grace')";

impl Project {
    /// A project with users and the migrations of the worked example, at a release.
    pub fn worked_example(db: Db, release: &str) -> Self {
        let project = Self::new(db);
        project.sql(USERS);
        project.add_worked_example();
        project.version(release);
        project
    }

    /// Copies the worked example's migrations into the project.
    pub fn add_worked_example(&self) {
        let releases = Path::new(env!("CARGO_MANIFEST_DIR")).join("release_migrations");
        for (path, bytes) in files(&releases).into_iter().filter(|(path, _)| !path.ends_with('/')) {
            self.write(&format!("release_migrations/{path}"), &String::from_utf8(bytes).unwrap());
        }
    }

    /// Every file with its bytes, and on a server every table with its columns and rows: equal
    /// before and after what changes nothing.
    pub fn traces(&self) -> Vec<(String, Vec<u8>)> {
        let mut traces = files(self.root());
        if self.db == Db::Postgres {
            let columns = "SELECT table_name || '.' || column_name
                 FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
            let rows = "SELECT table_name || query_to_xml(
                     'SELECT * FROM ' || quote_ident(table_name), true, true, '')::text
                 FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";
            for sql in [columns, rows] {
                traces.extend(self.query(sql).into_iter().map(|line| (line, Vec::new())));
            }
        }
        if self.db == Db::Mariadb {
            let tables = "SELECT table_name FROM information_schema.tables
                 WHERE table_schema = database() ORDER BY 1";
            let tables = self.query(tables);
            traces.extend(tables.iter().map(|table| (self.dump(table), Vec::new())));
        }
        traces
    }
}

/// Every file below a folder with its path from there, by path.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.push((format!("{name}/"), Vec::new()));
            found.extend(files(&path).into_iter().map(|(at, text)| (format!("{name}/{at}"), text)));
        } else {
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}
