use crate::model::{Release, Rename};

/// What the developer changes in the code, and when. Each item is one sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advice {
    /// In the same merge request.
    pub now: Vec<String>,
    /// Once the contract has run.
    pub later: Vec<String>,
    /// What not to touch, and why.
    pub leave: Vec<String>,
}

impl Advice {
    /// The advice for a rename. The releases are those of expand and contract, where known.
    #[must_use]
    pub fn rename(rename: &Rename, release: Option<&Release>, contract: Option<&Release>) -> Self {
        let _ = (rename, release, contract);
        Self::default()
    }
}
