//! Runs another command as a child process.

use std::ffi::OsString;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

/// The result of a command.
pub struct Ran {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    pub passed: bool,
    /// True if it has dropped handover's tables, so that it ran in no particular state.
    pub made_anew: bool,
    pub took: Duration,
    /// The end of its output, stdout and stderr in the order in which they were written.
    pub output: String,
}

/// The number of bytes of the output that are kept.
const KEPT: u64 = 8 * 1024;

/// Runs a command to its end, with these environment variables besides ours. Dropping the future
/// kills the command and all processes that it has started.
pub async fn run(command: &[OsString], environment: &[(&str, &str)]) -> std::io::Result<Ran> {
    let [program, arguments @ ..] = command else {
        return Err(std::io::ErrorKind::InvalidInput.into());
    };
    // A file takes any amount, and keeps both streams in the order in which they were written.
    let mut output = tempfile::tempfile()?;
    let started = Instant::now();
    let mut child = Command::new(program);
    child
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?)
        .kill_on_drop(true);
    #[cfg(unix)]
    child.process_group(0);
    let mut group = Group(child.spawn()?);
    let status = group.0.wait().await?;
    let length = output.seek(SeekFrom::End(0))?;
    output.seek(SeekFrom::Start(length.saturating_sub(KEPT)))?;
    let mut bytes = Vec::new();
    output.read_to_end(&mut bytes)?;
    Ok(Ran {
        status: status.code(),
        passed: status.success(),
        made_anew: false,
        took: started.elapsed(),
        output: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// The child and all processes that it has started; they are killed when this value is dropped.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // After a wait for the process, its number may be that of another one.
        #[cfg(unix)]
        if let Some(id) = self.0.id()
            && let Some(id) = id.try_into().ok().and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
        }
    }
}
