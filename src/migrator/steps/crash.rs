//! The points at which a test may end the process.

/// A point between two steps where a test can kill the process, by the name `migrator::STEP` or
/// `migrator::STEP::DETAIL`. Does nothing otherwise.
pub(in crate::migrator) fn crash_point(step: &str, detail: &str) {
    #[cfg(feature = "failpoints")]
    {
        let kill = |_| {
            // SIGKILL, as from outside: no destructor runs, no connection is closed in order.
            let pid = std::process::id().to_string();
            let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
        };
        fail::fail_point!(&format!("migrator::{step}"), kill);
        fail::fail_point!(&format!("migrator::{step}::{detail}"), kill);
    }
    let _ = (step, detail);
}
