//! Releases of the app, and the schemes in which they are numbered.

mod invalid;
mod parse;
mod scheme;
mod successor;
mod value;

pub use invalid::InvalidRelease;
pub use scheme::Scheme;
pub use value::Release;
