//! Databases with a case's tables: as many alike as are needed.

use std::fs;
use std::sync::Mutex;

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};

use super::case::{Case, Keeper};
use crate::support::postgres::{self, Version};
use crate::support::project::{Db, Project};

/// Roles that belong to a whole server, which the cases give privileges to.
const POSTGRES_ROLES: &str =
    "CREATE ROLE zoo_reader; CREATE ROLE zoo_app; CREATE ROLE zoo_owner LOGIN";

const MARIADB_USERS: &str = "CREATE USER IF NOT EXISTS zoo_reader@localhost;
    CREATE USER IF NOT EXISTS zoo_app@localhost";

/// The rows of the cases have fixed times; what a default computes has one as well.
const MARIADB_TIME: &str = "SET timestamp = 1717236000";

/// A database with the case's tables that is kept as it was made, and copied.
pub struct Mould<'a> {
    case: &'a Case,
    keeper: Keeper,
    made: Option<Project>,
}

impl<'a> Mould<'a> {
    /// # Errors
    /// The case's own SQL fails.
    pub fn new(case: &'a Case, keeper: Keeper) -> Result<Self, String> {
        let made = match keeper {
            Keeper::Sqlite => {
                let project = Project::bare(Db::Sqlite);
                load(&project, &["PRAGMA foreign_keys = ON", &case.sql])?;
                Some(project)
            }
            Keeper::Postgres15 | Keeper::Postgres18 => {
                let version =
                    if keeper == Keeper::Postgres18 { Version::V18 } else { Version::Systems };
                let project = Project::on_postgres(postgres::fresh_database_of(version));
                let name = &project.postgres().unwrap().name;
                make_roles(keeper, &project)?;
                let grant = format!(
                    "GRANT CREATE ON DATABASE {name} TO zoo_owner; GRANT ALL ON SCHEMA public TO zoo_owner"
                );
                load(&project, &[&grant, &case.sql])?;
                Some(project)
            }
            Keeper::Mariadb => None,
        };
        Ok(Self { case, keeper, made })
    }

    /// A database of its own, in a project that is at 8.17.0.
    ///
    /// # Errors
    /// The case's own SQL fails.
    pub fn cast(&self) -> Result<Project, String> {
        let project = match (self.keeper, &self.made) {
            (Keeper::Sqlite, Some(made)) => {
                let project = Project::bare(Db::Sqlite);
                let file = |project: &Project| project.root().join("app.sqlite3");
                fs::copy(file(made), file(&project)).unwrap();
                project
            }
            (_, Some(made)) => Project::on_postgres(postgres::copy_of(made.postgres().unwrap())),
            (_, None) => {
                let project = Project::bare(Db::Mariadb);
                load(&project, &[MARIADB_USERS, MARIADB_TIME, &self.case.sql])?;
                project
            }
        };
        project.version("8.17.0");
        Ok(project)
    }
}

/// Makes the roles of a server, once.
fn make_roles(keeper: Keeper, project: &Project) -> Result<(), String> {
    static MADE: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap();
    if !made.contains(&keeper.name()) {
        load(project, &[POSTGRES_ROLES])?;
        made.push(keeper.name());
    }
    Ok(())
}

/// Where the app and the command connect to, when the case says as whom and how.
pub fn url(case: &Case, project: &Project) -> String {
    let mut url = url::Url::parse(&project.url).unwrap();
    if let Some(role) = &case.role {
        url.set_username(role).unwrap();
    }
    if let Some(options) = &case.options {
        url.query_pairs_mut().append_pair("options", &format!("-c {options}"));
    }
    url.into()
}

/// Runs texts of statements on one connection, so that what one sets holds for the next.
pub fn load(project: &Project, texts: &[&str]) -> Result<(), String> {
    project.block_on(async |_| {
        let mut options = ConnectOptions::new(&project.url);
        options.min_connections(1).max_connections(1).sqlx_logging(false);
        let db = Database::connect(options).await.unwrap();
        for text in texts {
            let done = db.execute_unprepared(text).await;
            done.map_err(|error| format!("the case's own SQL fails: {error}\n{text}"))?;
        }
        db.close().await.map_err(|error| error.to_string())
    })
}
