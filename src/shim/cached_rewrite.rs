//! How a statement is sent under one mapping.

use super::resend_rule::ResendRule;

/// How a statement is sent under one mapping.
#[derive(Debug)]
pub(super) enum CachedRewrite {
    /// Unchanged, by move, and never sent again: it names no mapped table, so the next state does
    /// not make it fail. If a process is stopped while it sends such a statement, and a whole
    /// rename passes meanwhile, the statement fails with the database's error. Nothing is lost, but
    /// no copy is left to send again.
    NeverResent,
    /// Unchanged, but it may have to be sent again.
    Untouched { resend: ResendRule },
    /// With a different text.
    Edited {
        sql: String,
        /// The order in which the placeholders of `sql` take the statement's values.
        values: ValueOrder,
        resend: ResendRule,
    },
}

impl CachedRewrite {
    /// The generation of the columns by which the statement was mapped; `None` if it needs none.
    pub const fn looked_up(&self) -> Option<u32> {
        match self {
            Self::NeverResent => None,
            Self::Untouched { resend } | Self::Edited { resend, .. } => resend.looked_up,
        }
    }

    /// Notes the generation of the lookups by which the statement was mapped.
    pub const fn set_looked_up(&mut self, generation: u32) {
        match self {
            Self::NeverResent => {}
            Self::Untouched { resend } | Self::Edited { resend, .. } => {
                resend.looked_up = Some(generation);
            }
        }
    }
}

/// For each placeholder of a text, the index of the value that it takes. `None` if the order has
/// not changed.
pub(super) type ValueOrder = Option<Vec<usize>>;
