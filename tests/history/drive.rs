use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use handover::database::{Access, Database};
use handover::migrator::{Migrator, Options, Outcome, Silent, load, rollback};
use handover::model::Release;
use handover::plan::{Phase, Refusal};
use handover::releases::{FileKind, path};
use sea_orm::{ConnectionTrait as _, Statement};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::story::{Story, functions};
use crate::support::project::Db;
use crate::support::{memory, postgres};

/// How an upgrade went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// In one go.
    Straight,
    /// Refused at first; the path that it was told led there.
    ByAPath,
}

impl Went {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Straight => "straight",
            Self::ByAPath => "by a path",
        }
    }
}

/// A database at each release, brought there through all releases before it.
pub struct Databases<'s> {
    db: Db,
    story: &'s Story,
    runtime: Runtime,
    folder: TempDir,
    kept: BTreeMap<Release, Kept>,
    /// Databases on their way: from where, and through what.
    walked: RefCell<BTreeMap<(Release, Vec<Release>), Place>>,
}

/// A database that is copied for each upgrade, and what is in it.
struct Kept {
    place: Place,
    contents: String,
}

enum Place {
    File(PathBuf),
    Server(postgres::Database),
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::File(path) = self {
            let _ = fs::remove_file(path);
        }
    }
}

impl Place {
    fn url(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite://{}?mode=rwc", path.display()),
            Self::Server(database) => database.url.clone(),
        }
    }
}

impl<'s> Databases<'s> {
    /// Makes them. At one in so many releases, what can be undone is undone and done again.
    pub fn new(db: Db, story: &'s Story, releases: &[Release], undone: usize) -> Self {
        let folder = TempDir::new_in(memory::folder());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (folder, kept, walked) = (folder.unwrap(), BTreeMap::new(), RefCell::default());
        let mut databases = Self { db, story, runtime, folder, kept, walked };
        for (number, release) in releases.iter().enumerate() {
            let mut before = releases[..number].iter().rev();
            let at = databases.copy(before.find(|from| Story::leads_to(from, release)));
            let outcome = databases.migrate(&at, release, false);
            assert!(outcome.refused.is_empty(), "{release}: {outcome:?}");
            if number.is_multiple_of(undone) {
                databases.back_and_forth(&at, release);
            }
            let contents = databases.contents(&at);
            databases.kept.insert(release.clone(), Kept { place: at, contents });
        }
        databases
    }

    /// Upgrades a copy of the database of a release, and looks whether it ends like the one which went
    /// through all releases.
    pub fn upgrade(&self, from: &Release, to: &Release, offline: bool) -> Went {
        let at = self.copy(Some(from));
        let outcome = self.migrate(&at, to, offline);
        let went = if outcome.refused.is_empty() {
            Went::Straight
        } else {
            let refused = &outcome.refused;
            assert!(
                matches!(refused.as_slice(), [Refusal::Jump { .. }]),
                "{from} to {to}: {refused:?}"
            );
            assert!(outcome.done.is_empty(), "{from} to {to}: it ran something and then refused");
            let (releases, settings) = self.story.at(to);
            let migrations = releases.load(&|_| None).unwrap();
            let path = path(&migrations, &settings, from, to).unwrap();
            let path: Vec<Release> = path.into_iter().map(|stop| stop.release).collect();
            return self.walk(from, &path);
        };
        assert_eq!(self.contents(&at), self.kept[to].contents, "{from} to {to}, {went:?}");
        went
    }

    /// Goes the way that the refusal told. Where two ways begin alike, the beginning is gone once.
    fn walk(&self, from: &Release, path: &[Release]) -> Went {
        let (to, stops) = path.split_last().unwrap();
        let mut walked = self.walked.borrow_mut();
        for end in 1..=stops.len() {
            let key = |end: usize| (from.clone(), stops[..end].to_vec());
            if !walked.contains_key(&key(end)) {
                let last = walked.get(&key(end - 1)).unwrap_or(&self.kept[from].place);
                let at = self.copy_of(Some(last));
                self.step(&at, from, &stops[end - 1]);
                walked.insert(key(end), at);
            }
        }
        let last = walked.get(&(from.clone(), stops.to_vec())).unwrap_or(&self.kept[from].place);
        let at = self.copy_of(Some(last));
        self.step(&at, from, to);
        assert_eq!(self.contents(&at), self.kept[to].contents, "{from} to {to}, by {path:?}");
        Went::ByAPath
    }

    fn step(&self, at: &Place, from: &Release, to: &Release) {
        let outcome = self.migrate(at, to, false);
        assert!(outcome.refused.is_empty(), "from {from}, at {to}: {outcome:?}");
    }

    /// A copy of the database of a release; an empty one without.
    fn copy(&self, of: Option<&Release>) -> Place {
        self.copy_of(of.map(|release| &self.kept[release].place))
    }

    fn copy_of(&self, of: Option<&Place>) -> Place {
        if self.db == Db::Sqlite {
            let file = tempfile::Builder::new().suffix(".sqlite3").tempfile_in(self.folder.path());
            let (_, path) = file.unwrap().keep().unwrap();
            if let Some(Place::File(from)) = of {
                fs::copy(from, &path).unwrap();
            }
            return Place::File(path);
        }
        Place::Server(match of {
            Some(Place::Server(from)) => postgres::copy_of(from),
            _ => postgres::fresh_database(),
        })
    }

    /// What `db migrate` does with the project as it was at a release.
    fn migrate(&self, at: &Place, release: &Release, offline: bool) -> Outcome {
        let (releases, settings) = self.story.at(release);
        let options = Options {
            allowed: Vec::new(),
            orm_before: None,
            version: release.clone(),
            phase: Phase::All,
            offline,
            allow_unreleased: false,
            wait: Duration::ZERO,
        };
        self.on(at, async |database| {
            let app = functions().into();
            let (releases, settings, observer) = (&releases, &settings, &Silent);
            let migrator = Migrator { database, releases, settings, app: &app, observer };
            migrator.migrate(&options).await.unwrap_or_else(|error| panic!("{release}: {error:?}"))
        })
    }

    /// Undoes what can be undone of a release, at the end of it, and runs it again.
    fn back_and_forth(&self, at: &Place, release: &Release) {
        let before = self.contents(at);
        let (releases, settings) = self.story.at(release);
        let steps = self.on(at, async |database| {
            let mut ran = load(database, None).await.unwrap().migrations;
            ran.sort_by_key(|row| std::cmp::Reverse(row.run_order));
            let has_way_back = |id: u64| {
                let kind = releases.files().iter().find(|file| file.id == id).unwrap().kind;
                matches!(kind, FileKind::Stage(_) | FileKind::Rust(_))
            };
            let steps = ran.iter().take_while(|row| has_way_back(row.id)).take(3).count();
            let app = functions().into();
            let (releases, settings, observer) = (&releases, &settings, &Silent);
            let migrator = Migrator { database, releases, settings, app: &app, observer };
            let outcome = rollback(&migrator, steps, Duration::ZERO, &[]).await;
            assert!(outcome.unwrap().refused.is_empty());
            steps
        });
        if steps > 0 {
            // A contract that ran under an earlier release is not one that runs again under this.
            let outcome = self.migrate(at, release, true);
            assert!(outcome.refused.is_empty(), "{release}: {outcome:?}");
            assert_eq!(outcome.done.len(), steps, "{release}");
            assert_eq!(self.contents(at), before, "{release}: back and forth again");
        }
    }

    /// The schema, but for handover's own tables, and every row.
    fn contents(&self, at: &Place) -> String {
        let schema = match self.db {
            Db::Sqlite => {
                "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema
                 WHERE name NOT LIKE 'handover%' AND name NOT LIKE 'sqlite%' ORDER BY name"
            }
            _ => {
                "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
                 FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name NOT LIKE 'handover%' ORDER BY 1"
            }
        };
        let tables = match self.db {
            Db::Sqlite => {
                "SELECT name FROM sqlite_schema
                 WHERE type = 'table' AND name NOT LIKE 'handover%' ORDER BY 1"
            }
            _ => {
                "SELECT table_name::text FROM information_schema.tables
                 WHERE table_schema = 'public' AND table_name NOT LIKE 'handover%' ORDER BY 1"
            }
        };
        self.on(at, async |database| {
            let db = database.connection();
            let texts = async |sql: &str| -> Vec<String> {
                let rows = Statement::from_string(db.get_database_backend(), sql);
                let rows = db.query_all_raw(rows).await.unwrap();
                rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
            };
            let mut contents = texts(schema).await;
            for table in texts(tables).await {
                let rows = match self.db {
                    Db::Sqlite => {
                        let columns = format!(
                            "SELECT group_concat('quote(\"' || name || '\")', '||'',''||')
                             FROM (SELECT name FROM pragma_table_info('{table}') ORDER BY name)"
                        );
                        let columns = texts(&columns).await;
                        format!("SELECT {} FROM {table} ORDER BY 1", columns.concat())
                    }
                    _ => format!("SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1"),
                };
                contents.push(table);
                contents.extend(texts(&rows).await);
            }
            contents.join("\n")
        })
    }

    fn on<T>(&self, at: &Place, work: impl AsyncFnOnce(&Database) -> T) -> T {
        self.runtime.block_on(async {
            let database = Database::connect(&at.url(), Access::Write).await.unwrap();
            let result = work(&database).await;
            database.close().await;
            result
        })
    }
}
