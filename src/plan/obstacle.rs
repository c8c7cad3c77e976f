//! What a stage cannot carry over or would break.

use std::fmt;

/// Something in the database that a stage cannot carry over or would break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The object and the reason, in words.
    pub what: String,
    /// The name by which the user can allow it (`--allow`) after looking at it; `None` if the
    /// change would still lose something.
    pub allow: Option<String>,
}

impl Obstacle {
    /// An obstacle that cannot be allowed.
    #[must_use]
    pub fn hard(what: impl Into<String>) -> Self {
        Self { what: what.into(), allow: None }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// The next thing to do about these obstacles.
#[must_use]
pub fn hint(obstacles: &[Obstacle]) -> String {
    let again = "drop or change what stands in the way, then run `handover db migrate` again";
    let allowed: Vec<String> = obstacles
        .iter()
        .filter_map(|obstacle| obstacle.allow.as_ref())
        .map(|name| format!("--allow '{name}'"))
        .collect();
    if allowed.is_empty() || allowed.len() < obstacles.len() {
        return again.to_owned();
    }
    format!(
        "{again}; or, if you have looked at it and it may stay: `handover db migrate {}`",
        allowed.join(" ")
    )
}
