use super::resend::ResendRule;

/// How a statement is sent under one mapping.
#[derive(Debug)]
pub(super) enum Sending {
    /// As it is, by move: it names no mapped table, so the next state does not make it fail. A
    /// process that was stopped while it sent this, and that a whole rename has passed by meanwhile,
    /// gets the database's error; nothing is lost, but nothing is left to send again either.
    Alone,
    /// As it is; it may have to be sent again.
    Untouched { resend: ResendRule },
    /// With other text.
    Edited {
        sql: String,
        /// For each placeholder of `sql`, which of the statement's values it takes.
        values: ValueOrder,
        resend: ResendRule,
    },
}

/// For each placeholder of a text which of the values it takes, where they are not as they were.
pub(super) type ValueOrder = Option<Vec<usize>>;
