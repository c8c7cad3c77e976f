use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use handover::Releases;
use handover::manifest::{Folders, Settings};
use handover::migrator::{Function, FunctionResult, Functions};
use handover::model::Release;
use handover::releases::read_settings;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use crate::support::project::{Db, Project};

/// A project at each of its releases, as its repository had it then.
pub struct Story {
    project: Project,
    /// All of them, in order.
    pub releases: Vec<Release>,
    /// Renames, SQL migrations, functions and kept places.
    pub changes: usize,
}

/// The first line has 1.0.0 to 1.9.1, the second 2.0.0 to 2.9.1.
const LINES: [u64; 2] = [1, 2];
const MINORS: u64 = 10;
/// The fix to the older line.
const FIX: &str = "1.9.2";
/// It was made when this release of the newer line was out.
const FIXED_AFTER: &str = "2.2.1";

impl Story {
    /// It is written once for all databases.
    pub fn shared() -> &'static Self {
        static STORY: OnceLock<Story> = OnceLock::new();
        STORY.get_or_init(Self::write)
    }

    fn write() -> Self {
        let project = Project::bare(Db::Sqlite);
        project.write("handover.yml", "required_stops: [1.6.0, 2.3.0]\n");
        let mut story = Self { project, releases: Vec::new(), changes: 0 };
        story.project.write("release_migrations/0.9.0/1_begin.sql", BEGIN);
        for line in LINES {
            for minor in 0..MINORS {
                story.minor(line, minor);
            }
        }
        story.changes += functions().len();
        story.releases.sort();
        story
    }

    /// A release and its patch release.
    fn minor(&mut self, line: u64, minor: u64) {
        let number = (line - 1) * MINORS + minor;
        let release = Release::new(line, minor, 0);
        if (line, minor) == (2, 0) {
            self.run(&["gen", "reserve", "--release", "2.0.0", "--count", "3"]);
            self.changes += 3;
        }
        // One column is renamed again and again, each time before the last is forgotten.
        if number.is_multiple_of(2) {
            let renames = number / 2;
            let (table, column, at) = match renames % 4 {
                3 => ("posts", "title", renames / 4),
                _ => ("users", "name", renames - renames / 4),
            };
            let (from, to) = (format!("{table}.{column}{at}"), format!("{column}{}", at + 1));
            // Both ways, one after the other on one column, too.
            let way: &[&str] = if renames % 3 == 1 { &["--in-place"] } else { &[] };
            self.run(&[&["gen", "rename", &from, &to], way].concat());
            self.changes += 1;
        }
        self.sql(
            &format!("table_{number}"),
            &[],
            &format!(
                "CREATE TABLE t{number} (id integer PRIMARY KEY, v integer);
             INSERT INTO t{number} SELECT id, {number} FROM users"
            ),
        );
        if number % 4 == 1 {
            let sql =
                format!("INSERT INTO log (id, line) SELECT {number}, count(*) FROM t{number}");
            self.sql(&format!("count_{number}"), &["--post"], &sql);
        }
        if number == 6 {
            let sql = "-- after: table_4\nINSERT INTO log (id, line) SELECT 106, count(*) FROM t4";
            self.sql("after_table_4", &[], sql);
        }
        let sql = format!("CREATE INDEX t{number}_v ON t{number} (v)");
        self.sql(&format!("index_{number}"), &[], &sql);
        self.run(&["release", "cut", &release.to_string()]);
        self.keep(&release);
        let patch = Release::new(line, minor, 1);
        if number.is_multiple_of(3) {
            let sql = format!("ALTER TABLE t{number} ADD note varchar(20) DEFAULT 'n{number}'");
            self.sql(&format!("note_{number}"), &[], &sql);
            self.run(&["release", "cut", &patch.to_string()]);
        }
        self.keep(&patch);
        if patch.to_string() == FIXED_AFTER {
            let fix = "CREATE TABLE fixes (id integer PRIMARY KEY); INSERT INTO fixes VALUES (1)";
            self.sql("fix", &[], fix);
            self.run(&["release", "backport", &self.id_of("fix"), "--to", FIX]);
            self.keep(&FIX.parse().unwrap());
        }
    }

    fn sql(&mut self, name: &str, more: &[&str], sql: &str) {
        self.run(&[&["gen", "sql", name][..], more].concat());
        let unreleased = self.project.root().join("unreleased");
        let files = fs::read_dir(unreleased).unwrap().flatten();
        let mut files =
            files.filter(|file| file.file_name().to_string_lossy().contains(&format!("_{name}.")));
        fs::write(files.next().unwrap().path(), sql).unwrap();
        self.changes += 1;
    }

    fn id_of(&self, name: &str) -> String {
        let releases = Releases::discover(self.project.root(), &Folders::default()).unwrap();
        let file = releases.files().iter().find(|file| file.slug == name).unwrap();
        file.id.to_string()
    }

    fn run(&self, arguments: &[&str]) {
        let _ = self.project.handover(arguments).expect_status(0);
    }

    /// Keeps the project as it is at a release.
    fn keep(&mut self, release: &Release) {
        self.project.version(&release.to_string());
        copy(
            &self.project.root().join("release_migrations"),
            &self.tree(release).join("release_migrations"),
        );
        fs::copy(self.project.root().join("handover.yml"), self.tree(release).join("handover.yml"))
            .unwrap();
        self.releases.push(release.clone());
    }

    /// Where the project is kept as it was at a release.
    fn tree(&self, release: &Release) -> PathBuf {
        self.project.root().join("kept").join(release.to_string())
    }

    /// Its migrations, and its settings.
    pub fn at(&self, release: &Release) -> (Releases, Settings) {
        let tree = self.tree(release);
        let settings = read_settings(&tree).unwrap();
        let mut releases = Releases::discover(&tree, &settings.folders).unwrap();
        if release.to_string() == FIX {
            // The branch of the older line has nothing of the newer one.
            releases = releases.only(|file| file.release.as_ref() <= Some(release));
        }
        functions().declare(&mut releases);
        (releases, settings)
    }

    /// The releases of the older line, which are the first ones.
    pub fn first_line(&self) -> &[Release] {
        let newer = Release::new(LINES[1], 0, 0);
        &self.releases[..self.releases.partition_point(|release| *release < newer)]
    }

    /// Whether a release's code comes of the other's: the fix is no ancestor of what was out by then.
    pub fn leads_to(from: &Release, to: &Release) -> bool {
        let out: Release = FIXED_AFTER.parse().unwrap();
        from.to_string() != FIX || *to > out
    }
}

const BEGIN: &str =
    "CREATE TABLE users (id integer PRIMARY KEY, name0 varchar(50) NOT NULL UNIQUE);
    INSERT INTO users VALUES (1, 'ada'), (2, 'grace'), (3, 'edsger');
    CREATE TABLE posts (id integer PRIMARY KEY, title0 varchar(50));
    INSERT INTO posts VALUES (1, 'one'), (2, NULL), (3, '');
    CREATE TABLE log (id integer PRIMARY KEY, line integer)";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// A function in every third minor release.
pub fn functions() -> Functions {
    let mut functions = Functions::default();
    for number in (0..2 * MINORS).step_by(3) {
        let release = format!("{}.{}.0", number / MINORS + 1, number % MINORS);
        let id = 90_000_000_000_000 + number;
        let name = format!("note_it_{number}");
        let function = Function::new(&release, id, &name, move |db| note(db, number)).unwrap();
        let function = if number.is_multiple_of(2) { function } else { function.post() };
        functions = functions.register(function.undo(move |db| forget(db, number))).unwrap();
    }
    functions
}

fn note(db: &DatabaseTransaction, number: u64) -> FunctionResult<'_> {
    Box::pin(async move {
        let sql = format!("INSERT INTO log (id, line) VALUES ({}, {number})", 1000 + number);
        db.execute_unprepared(&sql).await?;
        Ok(())
    })
}

fn forget(db: &DatabaseTransaction, number: u64) -> FunctionResult<'_> {
    Box::pin(async move {
        db.execute_unprepared(&format!("DELETE FROM log WHERE id = {}", 1000 + number)).await?;
        Ok(())
    })
}
