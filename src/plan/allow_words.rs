//! The words that `--allow` takes besides the names of objects.

/// Goes on although sessions without the shim are connected (`--allow sessions`).
pub const SESSIONS: &str = "sessions";

/// Goes on although processes of other apps have not said that they follow the change (`--allow apps`).
pub const APPS: &str = "apps";

/// Allows a purge in the release of its contract (`--allow purge`).
pub const PURGE: &str = "purge";
