//! Follows a recipe: a service's column is renamed over three releases by the page's own commands, on SQLite
//! and on PostgreSQL, while clients send requests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use super::balancer::Balancer;
use super::load::Load;
use super::page::{Step, steps};
use crate::docs::page::root;
use crate::support::project::{Db, Project};
use crate::support::wait::until;

const PROCESSES: usize = 2;
const CLIENTS: usize = 4;

/// An example and the page that takes it through a rename.
pub struct Recipe {
    /// The folder below `examples/`, and the name of its program.
    pub example: &'static str,
    pub page: &'static str,
    /// The arguments with which the program serves.
    pub arguments: &'static [&'static str],
}

/// A copy of the example, in which the recipe's commands are typed.
struct Copy {
    folder: tempfile::TempDir,
    target: PathBuf,
}

impl Copy {
    fn new(example: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let run = |command: &mut Command| assert!(command.status().unwrap().success());
        run(Command::new("cp")
            .arg("-R")
            .arg(root().join("examples").join(example).join("."))
            .arg(folder.path()));
        let manifest = folder.path().join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        let here = format!("path = '{}'", root().display());
        assert!(text.contains("path = \"../..\""), "{text}");
        std::fs::write(&manifest, text.replace("path = \"../..\"", &here)).unwrap();
        let copy = Self { folder, target: root().join("target").join(example) };
        copy.shell(
            "printf '/target\\n*.log\\n' > .gitignore && git init --quiet && git add --all && \
                    git commit --quiet --message 'A service'",
            None,
        );
        copy
    }

    /// A command in the copy. It finds `handover`, the app's own command.
    fn command(&self, program: &Path, url: Option<&str>) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        command
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", self.target.join("debug").display()))
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("DATABASE_URL")
            .env("NO_COLOR", "1")
            .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "test")))
            .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "test@localhost")));
        if let Some(url) = url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    fn shell(&self, line: &str, url: Option<&str>) {
        eprintln!("$ {line}");
        let output = self.command(Path::new("/bin/sh"), url).args(["-c", line]).output().unwrap();
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{line}: {}", output.status);
    }
}

/// The service on one database, and its clients.
struct Service {
    project: Project,
    balancer: Arc<Balancer>,
    load: Option<Load>,
}

impl Service {
    fn new(db: Db) -> Self {
        Self { project: Project::bare(db), balancer: Arc::default(), load: None }
    }

    fn roll_out(&mut self, copy: &Copy, recipe: &Recipe, release: &str) {
        let kind = format!("{:?}", self.project.db);
        let program = copy.folder.path().join(format!("{}-{release}", recipe.example));
        let start = || {
            let mut command = copy.command(&program, Some(&self.project.url));
            command.args(recipe.arguments);
            command
        };
        let log = |n| copy.folder.path().join(format!("{kind}-{release}-{n}.log"));
        self.balancer.roll_out(PROCESSES, start, |n| log(n).display().to_string());
        let load = self.load.get_or_insert_with(|| Load::start(&self.balancer, CLIENTS));
        let before = load.sent();
        until("requests have been answered by this release", || load.sent() > before + 200);
    }
}

/// Types the recipe's commands, and rolls its releases out; fails if a request has another answer than the
/// right one.
pub fn follow(recipe: &Recipe) {
    let copy = Copy::new(recipe.example);
    let mut services = [Service::new(Db::Sqlite), Service::new(Db::Postgres)];
    let steps = steps(recipe.page);
    for step in &steps {
        match step {
            Step::RollOut(release) => {
                // A roll-out takes the program along, as an image does.
                let name = format!("{}-{release}", recipe.example);
                let built = copy.target.join("debug").join(recipe.example);
                std::fs::copy(built, copy.folder.path().join(name)).unwrap();
                for service in &mut services {
                    service.roll_out(&copy, recipe, release);
                }
            }
            Step::Type(line) if line.starts_with("handover db") => {
                for service in &services {
                    copy.shell(line, Some(&service.project.url));
                }
            }
            Step::Type(line) => copy.shell(line, None),
        }
    }
    let roll_outs = steps.iter().filter(|step| matches!(step, Step::RollOut(_))).count();
    assert_eq!(roll_outs, 3);
    for service in services {
        let tally = service.load.unwrap().stop();
        eprintln!("{:?}: {} requests", service.project.db, tally.sent);
        assert_eq!(tally.wrong, Vec::<String>::new());
        let rows = "SELECT CAST(id AS text) || ' ' || handle FROM members ORDER BY id";
        let expected: Vec<_> =
            tally.members.iter().map(|(id, name)| format!("{id} {name}")).collect();
        assert_eq!(service.project.query(rows), expected);
        let changes = "SELECT CAST(count(*) AS text) FROM name_changes";
        assert_eq!(service.project.query(changes), [tally.name_changes.to_string()]);
        service.balancer.stop();
    }
}
