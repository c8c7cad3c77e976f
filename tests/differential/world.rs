//! A database that the real command has brought to a state, with the shim of one release of the
//! app; and a database where nothing is going on, with the names that this release uses.

use std::rc::Rc;
use std::str::FromStr as _;
use std::time::Duration;

use handover::manifest::Folders;
use handover::model::{ColumnPair, Identifier, Side, State};
use handover::shim::mapping::Mapping;
use handover::{Releases, Shim};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

use super::dropped::Dropped;
use super::retyped::{self, Retyped};
use super::schema::{Column, Schema, TABLES, literal};
use crate::support::project::{Db, Project};
use crate::support::wait::until_gone;

/// The deployments of three renames whose lives overlap: any number of them, from the first on,
/// gives the states that an app can meet between two of them.
const DEPLOYMENTS: [(&str, &str); 9] = [
    ("9.0.0", "--pre"),
    ("9.0.0", "--post"),
    ("9.1.0", "--pre"),
    ("9.1.0", "--post"),
    ("9.2.0", "--pre"),
    ("9.2.5", "--post"),
    ("9.3.0", "--post"),
    ("9.4.0", "--post"),
    ("9.5.0", "--post"),
];
/// For each rename the release of its expand and backfill, and that of its contract.
const LIVES: [(&str, &str); 3] = [("9.0.0", "9.2.5"), ("9.1.0", "9.4.0"), ("9.2.0", "9.5.0")];
/// Releases of the app: the later ones know more of the new names.
const CODE: [&str; 4] = ["8.0.0", "9.0.0", "9.1.0", "9.2.0"];

/// Where a case runs.
pub struct World {
    pub db: Db,
    pub schema: Schema,
    /// The state of each column; `pending` for those that are not renamed.
    pub states: Vec<State>,
    /// Whether the code says `to`.
    says_to: Vec<bool>,
    /// The column that gets another type, and the physical one with the type that the code has.
    retyped: Option<(usize, &'static str)>,
    pub shim: Shim,
    /// The database of the shim, without the shim.
    pub connection: DatabaseConnection,
    pub reference: DatabaseConnection,
    pub about: String,
    _projects: [Rc<Project>; 2],
}

impl World {
    /// After `deployments` of [`DEPLOYMENTS`], a world for each of the app's releases. `halfway`
    /// the last one is killed when only the new column is written, if it is one that does that.
    pub fn all(
        db: Db,
        schema: &Schema,
        deployments: usize,
        halfway: bool,
        (dropped, retyped): (Dropped, Retyped),
    ) -> Vec<Self> {
        let project = Rc::new(Project::new(db));
        let from = |at: usize| schema.columns[at].from;
        project.sql(&dropped.with_column(db, &schema.tables(from, |_| false)));
        project.sql(&schema.rows(db, from));
        let retyped = retyped.of(schema);
        let (retyped, meanwhile) = match meanwhile(deployments) {
            Some(release) => (retyped, release),
            None if retyped == Retyped::Meanwhile => (Retyped::No, ""),
            None => (retyped, ""),
        };
        retyped.bring(&project, meanwhile);
        dropped.bring(&project);
        for (number, column) in schema.renamed().enumerate() {
            write(&project, schema, number, column);
        }
        for (at, (version, phase)) in DEPLOYMENTS[..deployments].iter().enumerate() {
            project.version(version);
            let arguments = ["db", "migrate", "--offline", phase];
            if halfway && at + 1 == deployments {
                killed_halfway(&project, &arguments);
            } else {
                let _ = project.handover(&arguments).expect_status(0);
            }
        }
        let states = states(&project, schema);
        project.sql(&after(db, schema, &states));
        let codes = if schema.renamed().count() > 1 { &CODE[..] } else { &CODE[..2] };
        let world = |code: &&str| {
            let known = retyped.is_known_to(code, meanwhile);
            let column = schema.retypable().filter(|_| retyped != Retyped::No);
            let column = column.map(|column| (column, Retyped::column(known, states[column])));
            let typed = match column {
                Some((column, _)) if known => schema.with_type(column, retyped::sql_type(db)),
                _ => schema.clone(),
            };
            let world = Self::new(db, &typed, &states, &project, (code, column));
            let about = format!(
                "a dropped column: {dropped:?}, another type: {retyped:?}, {}",
                world.about
            );
            Self { about, ..world }
        };
        codes.iter().map(world).collect()
    }

    fn new(
        db: Db,
        schema: &Schema,
        states: &[State],
        project: &Rc<Project>,
        (version, retyped): (&str, Option<(usize, &'static str)>),
    ) -> Self {
        let mut says_to = vec![false; schema.columns.len()];
        for (column, (release, _)) in schema.renamed().zip(LIVES) {
            says_to[column] = release <= version;
        }
        let name = |at: usize| {
            let column = &schema.columns[at];
            column.to.filter(|_| says_to[at]).unwrap_or(column.from)
        };
        let plain = Rc::new(Project::new(db));
        // On the servers a column is added in the last place, so there `*` and
        // INSERT by position have another order from contract on.
        let dropped = |at: usize| {
            states[at] == State::Contracted
                && (schema.columns[at].to.is_some()
                    || retyped.is_some_and(|(column, _)| column == at))
        };
        let last = |at: usize| db != Db::Sqlite && dropped(at);
        let tables = schema.tables(name, last) + &schema.rows(db, name);
        let (shim, connection, reference) = super::runtime().block_on(async {
            let releases = Releases::discover(project.root(), &Folders::default()).unwrap();
            let connection = project.connect().await;
            let shim = Shim::builder(connection.clone(), releases).app_version(version);
            let shim = shim.lease(Duration::from_hours(2)).start().await.unwrap();
            // Nothing moves on here. Out of the fleet, it keeps its mapping and stops looking.
            shim.shutdown().await.unwrap();
            let url = if db == Db::Sqlite { "sqlite::memory:" } else { &plain.url };
            let mut options = ConnectOptions::new(url);
            options.max_connections(1).sqlx_logging(false);
            let reference = Database::connect(options).await.unwrap();
            reference.execute_unprepared(&tables).await.unwrap();
            (shim, connection, reference)
        });
        let about = format!(
            "{db:?}, code of {version}, {}\n{tables}",
            schema
                .renamed()
                .map(|at| format!("{} in {}", schema.columns[at].from, states[at]))
                .collect::<Vec<_>>()
                .join(", ")
        );
        Self {
            db,
            schema: schema.clone(),
            states: states.to_vec(),
            says_to,
            retyped,
            shim,
            connection,
            reference,
            about,
            _projects: [Rc::clone(project), plain],
        }
    }

    /// What the code calls a column.
    pub fn name(&self, column: usize) -> &'static str {
        let known = &self.schema.columns[column];
        known.to.filter(|_| self.says_to[column]).unwrap_or(known.from)
    }

    /// What other code calls it; the same where it is not renamed.
    pub fn other_name(&self, column: usize) -> &'static str {
        let known = &self.schema.columns[column];
        known.to.filter(|_| !self.says_to[column]).unwrap_or(known.from)
    }

    /// What the shim goes by, if the state of each column were what `state` makes of it.
    pub fn mapping(&self, state: impl Fn(State) -> State) -> Mapping {
        let mut mapping = Mapping::default();
        for at in self.schema.renamed() {
            let Column { table, from, to, .. } = &self.schema.columns[at];
            let rename = ColumnPair {
                table: TABLES[*table].parse().unwrap(),
                from: Identifier::new(*from).unwrap(),
                to: Identifier::new(to.unwrap()).unwrap(),
            };
            let code = if self.says_to[at] { Side::To } else { Side::From };
            let schema = match self.db {
                Db::Postgres => Some("public"),
                Db::Sqlite => Some("main"),
                Db::Mariadb => None,
            };
            mapping.add(&rename, state(self.states[at]), code, schema, &self.physical(*table));
        }
        mapping
    }

    fn physical(&self, table: usize) -> Vec<String> {
        let mut added = Vec::new();
        let mut names = Vec::new();
        for at in self.schema.of(table) {
            names.push(self.read(at).to_owned());
            let column = &self.schema.columns[at];
            let other = if self.read(at) == column.from { column.to } else { Some(column.from) };
            let there = !matches!(self.states[at], State::Pending | State::Contracted);
            added.extend(other.filter(|_| there).map(str::to_owned));
        }
        names.extend(added);
        names
    }

    /// The column that reads use.
    pub fn read(&self, column: usize) -> &'static str {
        if let Some((retyped, own)) = self.retyped
            && retyped == column
        {
            return own;
        }
        let known = &self.schema.columns[column];
        match self.states[column].reads() {
            Side::From => known.from,
            Side::To => known.to.unwrap_or(known.from),
        }
    }

    /// Whether the columns of a table are in the order in which they were declared. On PostgreSQL
    /// a contracted column is the last one, and code that goes by position has to know.
    pub fn in_order(&self, table: usize) -> bool {
        let dropped = |at: usize| self.states[at] == State::Contracted;
        self.db == Db::Sqlite || !self.schema.of(table).any(dropped)
    }
}

/// Runs the command until it has entered the state that is passed within it, and no further.
fn killed_halfway(project: &Project, arguments: &[&str]) {
    let mut command = project.command(arguments);
    command.env("FAILPOINTS", "migrator::entered::write_to=return").output().unwrap();
    until_gone(project);
}

/// The release of the last of these deployments that begins something.
fn meanwhile(deployments: usize) -> Option<&'static str> {
    let begun = DEPLOYMENTS[..deployments].iter().rev().find(|(_, phase)| *phase == "--pre");
    begun.map(|(release, _)| *release)
}

/// How many deployments there are.
pub const fn deployments() -> usize {
    DEPLOYMENTS.len()
}

fn write(project: &Project, schema: &Schema, number: usize, column: usize) {
    let column = &schema.columns[column];
    let (table, from, to) = (TABLES[column.table], column.from, column.to.unwrap());
    let (first, last) = LIVES[number];
    for (at, (release, stage, deploy)) in
        [(first, "expand", "pre"), (first, "backfill", "post"), (last, "contract", "post")]
            .into_iter()
            .enumerate()
    {
        let id = 20_261_121_093_000 + number * 10 + at;
        project.write(
            &format!("release_migrations/{release}/{id}_rename_{from}.{stage}.yml"),
            &format!(
                "id: {id}\nchange: rename_{from}\nstage: {stage}\ndeploy: {deploy}\n\
                 rename: {{ table: {table}, from: {from}, to: {to} }}\n"
            ),
        );
    }
}

fn states(project: &Project, schema: &Schema) -> Vec<State> {
    let known = if project.query(tables_there(project.db)) == ["0"] {
        Vec::new()
    } else {
        project.query(match project.db {
            Db::Mariadb => "SELECT concat(from_column, ' ', state) FROM handover_changes",
            _ => "SELECT from_column || ' ' || state FROM handover_changes",
        })
    };
    let state = |from: &str| {
        let row = known.iter().find_map(|row| row.strip_prefix(&format!("{from} ")));
        row.map_or(State::Pending, |state| State::from_str(state).unwrap())
    };
    schema.columns.iter().map(|column| state(column.from)).collect()
}

const fn tables_there(db: Db) -> &'static str {
    match db {
        Db::Sqlite => {
            "SELECT CAST(count(*) AS text) FROM sqlite_master WHERE name = 'handover_changes'"
        }
        Db::Postgres => {
            "SELECT CAST(count(*) AS text) FROM pg_tables WHERE tablename = 'handover_changes'"
        }
        Db::Mariadb => {
            "SELECT CAST(count(*) AS char) FROM information_schema.tables
             WHERE table_schema = database() AND table_name = 'handover_changes'"
        }
    }
}

/// Views that show the physical columns, for the shim does not know them; and what a process that
/// knows nothing of the rename may have left in the column that is not read yet.
fn after(db: Db, schema: &Schema, states: &[State]) -> String {
    let mut sql = String::new();
    for at in schema.renamed().filter(|at| states[*at] == State::DualWrite) {
        let column = &schema.columns[at];
        let (table, to, stale) = (TABLES[column.table], column.to.unwrap(), 1);
        let stale = literal(db, column.kind, stale);
        sql += &format!("UPDATE {table} SET {to} = {stale} WHERE id IN (1, 3);\n");
    }
    let age = schema.columns.iter().position(|column| column.from == "age");
    for table in TABLES {
        let shown = age.filter(|_| table == "users").map(|at| Retyped::shown(db, states[at]));
        let shown = shown.unwrap_or_default();
        sql += &format!("CREATE VIEW raw_{table} AS SELECT {table}.*{shown} FROM {table};\n");
    }
    sql
}
