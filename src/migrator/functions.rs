//! Migrations that are Rust functions of the app: data work that SQL cannot do.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::DatabaseTransaction;

use crate::model::{Deploy, InvalidChangeName, InvalidRelease};
use crate::releases::{Declared, Releases};

/// Any error that a function fails with.
pub type FunctionError = Box<dyn std::error::Error + Send + Sync>;

/// The future that a function returns.
pub type FunctionResult<'t> = Pin<Box<dyn Future<Output = Result<(), FunctionError>> + Send + 't>>;

type Run = Arc<dyn for<'t> Fn(&'t DatabaseTransaction) -> FunctionResult<'t> + Send + Sync>;

/// The Rust functions that an app registers. They run in order with the migration files, under the
/// same history, gates and rules.
#[derive(Debug, Clone, Default)]
pub struct Functions {
    functions: BTreeMap<u64, Function>,
}

/// One migration that is a Rust function. It runs in one transaction with the note that it ran, on
/// a connection that maps nothing: it uses the columns as they are in the database.
#[derive(Clone)]
pub struct Function {
    declared: Declared,
    run: Run,
    undo: Option<Run>,
}

/// Why a function cannot be registered.
#[derive(Debug, thiserror::Error)]
pub enum FunctionsError {
    /// The release is not valid.
    #[error("the release of Rust function `{name}` is not valid")]
    Release {
        /// The function's name.
        name: String,
        /// The cause.
        #[source]
        source: InvalidRelease,
    },
    /// A name is not valid.
    #[error("the name of a Rust function, or a name that it runs after, is not valid")]
    Name(#[source] InvalidChangeName),
    /// Another function already has the id or the name.
    #[error("Rust functions `{first}` and `{second}` have the same id or name")]
    Twice {
        /// The one that was registered first.
        first: String,
        /// The other.
        second: String,
    },
}

impl Function {
    /// Creates a function for a release, such as `9.0.0`, that runs before its code is rolled out.
    /// `id` is the time at which it was written, `YYYYMMDDHHMMSS`; within a release, ids give the order.
    ///
    /// # Errors
    /// The release is not valid, or the name is not made of `a-z`, `0-9` and `_`.
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

    /// Runs it after every process has its release, instead of before.
    #[must_use]
    pub fn post(mut self) -> Self {
        self.declared.deploy = Deploy::Post;
        self
    }

    /// Runs it when the backfill of the change of that name, or another migration, is done.
    ///
    /// # Errors
    /// The name is not valid.
    pub fn after(mut self, name: &str) -> Result<Self, FunctionsError> {
        self.declared.after.push(name.parse().map_err(FunctionsError::Name)?);
        Ok(self)
    }

    /// Adds the function that undoes it, for `db rollback`.
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

    /// Returns the number of functions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.functions.len()
    }

    /// Returns true if there are no functions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// Adds the functions to the migrations.
    pub fn declare(&self, releases: &mut Releases) {
        for function in self.functions.values() {
            releases.declare(&function.declared);
        }
    }

    /// Returns true if a function can be undone.
    #[must_use]
    pub fn has_way_back(&self, id: u64) -> bool {
        self.functions.get(&id).is_some_and(|function| function.undo.is_some())
    }

    /// The function with that id, or with `undo` the one that undoes it.
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
        assert!(matches!(function("nine", 1, "a"), Err(FunctionsError::Release { .. })));
        assert!(matches!(function("9.0.0", 1, "A b"), Err(FunctionsError::Name(_))));
        assert!(function("9.0.0", 1, "a").unwrap().after("").is_err());
    }
}
