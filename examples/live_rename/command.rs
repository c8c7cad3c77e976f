//! The `handover` command: the real one, run as a deploy would run it.

use std::env;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::Result;

#[derive(Clone)]
pub struct Handover {
    program: PathBuf,
    root: PathBuf,
    database_url: String,
}

impl Handover {
    pub fn new(program: PathBuf, root: &Path, database_url: &str) -> Self {
        Self { program, root: root.to_owned(), database_url: database_url.to_owned() }
    }

    /// Runs the command and passes on what it says, line by line.
    pub fn run(&self, arguments: &[&str], mut say: impl FnMut(&str)) -> Result<()> {
        let (reader, writer) = io::pipe()?;
        let mut child =
            self.command(arguments).stdout(writer.try_clone()?).stderr(writer).spawn()?;
        for line in BufReader::new(reader).lines() {
            say(&line?);
        }
        let status = child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("`handover {}` ended with {status}", arguments.join(" ")).into())
        }
    }

    /// The state of the change, as far as the command knows of one.
    pub fn state(&self) -> Option<String> {
        let output = self.command(&["db", "status", "--json"]).output().ok()?;
        let status: Value = serde_json::from_slice(&output.stdout).ok()?;
        let changes = status.get("changes")?.as_array()?;
        let rename = changes.iter().find(|change| change["table"] == "users")?;
        rename.get("state")?.as_str().map(str::to_owned)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("--root")
            .arg(&self.root)
            .args(arguments)
            .env("DATABASE_URL", &self.database_url)
            .env("NO_COLOR", "1")
            .env_remove("VERSION")
            .stdin(Stdio::null());
        command
    }
}

/// This program's path. Asked for before anything is built: cargo may then put
/// a new file in its place, and the system would call this one deleted.
pub fn example() -> Result<PathBuf> {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    if let Some(path) = PATH.get() {
        return Ok(path.clone());
    }
    let path = env::current_exe()?;
    Ok(PATH.get_or_init(|| path).clone())
}

/// The command that was built from the same sources as this example, which is
/// in the folder above this one's. Builds it where it is missing or outdated.
pub fn locate() -> Result<PathBuf> {
    let example = example()?;
    let folder = example.parent().and_then(Path::parent).ok_or("no folder above the example's")?;
    let program = folder.join(format!("handover{}", env::consts::EXE_SUFFIX));
    let built = |path: &Path| path.metadata().and_then(|file| file.modified());
    if built(&program).is_ok_and(|time| built(&example).is_ok_and(|example| time >= example)) {
        return Ok(program);
    }

    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    // With the example, though that is there: without it, cargo picks other
    // features of the dependencies and compiles half of them again.
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--quiet", "--bin", "handover", "--example", "live_rename"])
        .args(["--profile", profile, "--target-dir"])
        .arg(folder.parent().ok_or("no target folder")?)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if cfg!(feature = "failpoints") {
        cargo.args(["--features", "failpoints"]);
    }
    if !cargo.status()?.success() {
        return Err("`cargo build --bin handover` failed".into());
    }
    Ok(program)
}
