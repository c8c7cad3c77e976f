mod copy;
mod create_table_as;
mod cursor;
mod maintenance;
mod named_columns;
mod pass_through;
mod statement_kinds;
