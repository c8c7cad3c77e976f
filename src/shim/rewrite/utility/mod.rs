pub(crate) mod copy;
pub(crate) mod create_table_as;
pub(crate) mod cursor;
pub(crate) mod maintenance;
pub(crate) mod named_columns;
pub(crate) mod pass_through;
pub(crate) mod statement_kinds;
