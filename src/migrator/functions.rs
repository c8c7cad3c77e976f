//! Migrations that are Rust functions of the app: data work that SQL cannot do.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::DatabaseTransaction;

use crate::model::{Deploy, InvalidChangeName, InvalidRelease};
use crate::releases::{Declared, Releases};

/// Whatever a function fails with.
pub type FunctionError = Box<dyn std::error::Error + Send + Sync>;

/// What a function gives.
pub type FunctionResult<'t> = Pin<Box<dyn Future<Output = Result<(), FunctionError>> + Send + 't>>;

type Run = Arc<dyn for<'t> Fn(&'t DatabaseTransaction) -> FunctionResult<'t> + Send + Sync>;

/// The Rust functions that an app registers. They run in order with the migration files, under the
/// same history, gates and rules.
#[derive(Debug, Clone, Default)]
pub struct Functions {
    functions: BTreeMap<u64, Function>,
}

/// One migration that is a Rust function. It runs in one transaction with the note that it ran, on
/// a connection that maps nothing: it meets the columns as they are in the database.
#[derive(Clone)]
pub struct Function {
    declared: Declared,
    run: Run,
    undo: Option<Run>,
}

/// Why a function cannot be registered.
#[derive(Debug, thiserror::Error)]
pub enum FunctionsError {
    /// The release is none.
    #[error("Rust function `{name}` is for no release")]
    Release {
        /// The function's name.
        name: String,
        /// Why.
        #[source]
        source: InvalidRelease,
    },
    /// The name is none.
    #[error("a Rust function or what it comes after has no name that it could be called by")]
    Name(#[source] InvalidChangeName),
    /// Another function has the id or the name already.
    #[error("Rust functions `{first}` and `{second}` have the same id or name")]
    Twice {
        /// The one that was registered first.
        first: String,
        /// The other.
        second: String,
    },
}

impl Function {
    /// A function for a release, such as `9.0.0`, that runs before its code is rolled out. `id` is
    /// the time that it was written, `YYYYMMDDHHMMSS`; within a release, ids give the order.
    ///
    /// # Errors
    /// The release or the name (`a-z`, `0-9` and `_`) is none.
    pub fn new<F>(release: &str, id: u64, name: &str, run: F) -> Result<Self, FunctionsError>
    where
        F: for<'t> Fn(&'t DatabaseTransaction) -> FunctionResult<'t> + Send + Sync + 'static,
    {
        let release = release.parse();
        let release =
            release.map_err(|source| FunctionsError::Release { name: name.to_owned(), source })?;
        let name = name.parse().map_err(FunctionsError::Name)?;
        let declared = Declared { id, name, release, deploy: Deploy::Pre, after: Vec::new() };
        Ok(Self { declared, run: Arc::new(run), undo: None })
    }

    /// Runs it after every process has its release.
    #[must_use]
    pub fn post(mut self) -> Self {
        self.declared.deploy = Deploy::Post;
        self
    }

    /// Runs it when the backfill of a change, or another migration, of that name is done.
    ///
    /// # Errors
    /// The name is none.
    pub fn after(mut self, name: &str) -> Result<Self, FunctionsError> {
        self.declared.after.push(name.parse().map_err(FunctionsError::Name)?);
        Ok(self)
    }

    /// Gives it a way back, for `db rollback`.
    #[must_use]
    pub fn undo<F>(mut self, undo: F) -> Self
    where
        F: for<'t> Fn(&'t DatabaseTransaction) -> FunctionResult<'t> + Send + Sync + 'static,
    {
        self.undo = Some(Arc::new(undo));
        self
    }

    fn name(&self) -> String {
        format!("{}_{}", self.declared.id, self.declared.name)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("declared", &self.declared).finish_non_exhaustive()
    }
}

impl Functions {
    /// Registers a function.
    ///
    /// # Errors
    /// Another one has its id or its name.
    pub fn register(mut self, function: Function) -> Result<Self, FunctionsError> {
        let same = |other: &&Function| {
            other.declared.id == function.declared.id
                || other.declared.name == function.declared.name
        };
        if let Some(first) = self.functions.values().find(same) {
            let (first, second) = (first.name(), function.name());
            return Err(FunctionsError::Twice { first, second });
        }
        self.functions.insert(function.declared.id, function);
        Ok(self)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.functions.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// Takes the functions among the migrations.
    pub fn declare(&self, releases: &mut Releases) {
        for function in self.functions.values() {
            releases.declare(&function.declared);
        }
    }

    /// Whether a function has a way back.
    #[must_use]
    pub fn has_way_back(&self, id: u64) -> bool {
        self.functions.get(&id).is_some_and(|function| function.undo.is_some())
    }

    /// The function of that id, forth or back.
    pub(super) fn get(&self, id: u64, undo: bool) -> Option<&Run> {
        let function = self.functions.get(&id)?;
        if undo { function.undo.as_ref() } else { Some(&function.run) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(release: &str, id: u64, name: &str) -> Result<Function, FunctionsError> {
        Function::new(release, id, name, |_| Box::pin(async { Ok(()) }))
    }

    #[test]
    fn what_cannot_be_registered_is_named() {
        let register = |id, name| {
            let first = Functions::default().register(function("9.0.0", 1, "a").unwrap()).unwrap();
            first.register(function("9.1.0", id, name).unwrap()).map_err(|error| error.to_string())
        };
        assert!(register(2, "b").is_ok());
        let twice = "Rust functions `1_a` and `1_b` have the same id or name";
        assert_eq!(register(1, "b").unwrap_err(), twice);
        let twice = "Rust functions `1_a` and `2_a` have the same id or name";
        assert_eq!(register(2, "a").unwrap_err(), twice);
        assert!(matches!(function("v9", 1, "a"), Err(FunctionsError::Release { .. })));
        assert!(matches!(function("9.0.0", 1, "A b"), Err(FunctionsError::Name(_))));
        assert!(function("9.0.0", 1, "a").unwrap().after("").is_err());
    }
}
