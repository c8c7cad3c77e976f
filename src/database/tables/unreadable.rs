//! The error for a stored text that is not a valid value.

/// Makes the error for a stored text that is not a valid value: somebody else has written it, or a
/// later version of handover.
pub(crate) fn unreadable<E>(table: &'static str, error: E) -> sea_orm::DbErr
where
    E: std::error::Error + Send + Sync + 'static,
{
    sea_orm::DbErr::TryIntoErr {
        from: table,
        into: "a value of handover's model",
        source: std::sync::Arc::new(error),
    }
}
