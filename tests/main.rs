//! Tests from the outside: of the command, and of the library as an application uses it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    missing_docs,
    reason = "a test fails by panicking, says to its captured output what it was doing, and shows all that a command says"
)]

mod support;

mod any_text;
mod cli_allow;
mod cli_backport;
mod cli_bad_database;
mod cli_bad_input;
mod cli_budget;
mod cli_check;
mod cli_gen;
mod cli_gen_names;
mod cli_gen_sql;
mod cli_help;
mod cli_history;
mod cli_init;
mod cli_json;
mod cli_man;
mod cli_plan;
mod cli_refusal;
mod cli_release_cut;
mod cli_release_notice;
mod cli_release_path;
mod cli_release_squash;
mod cli_rollback;
mod cli_slots;
mod cli_templates;
mod cli_version;
mod corpus;
mod differential;
mod docs;
mod drop_column;
mod first_adoption;
mod harness;
mod history;
mod in_place;
mod layout;
mod layout_direction;
mod layout_kinds;
#[cfg(feature = "failpoints")]
mod life_announce;
#[cfg(feature = "failpoints")]
mod life_autovacuum;
mod life_defaults;
mod life_files;
mod life_fleet;
mod life_guard;
#[cfg(feature = "failpoints")]
mod life_interrupt;
#[cfg(feature = "failpoints")]
mod life_kill;
mod life_planner_statistics;
mod life_refused;
mod life_run_again;
mod life_runners;
mod life_session;
mod life_shapes;
mod life_shim;
#[cfg(feature = "failpoints")]
mod life_steered;
mod life_upserts;
mod live_rename;
mod mariadb;
mod mariadb_binary_log;
mod mariadb_null;
mod mariadb_rights;
mod mariadb_shim;
#[cfg(feature = "sea-orm-migration")]
mod orm_migrations;
mod pgbouncer;
mod recipes;
mod rehearse;
mod release_schemes;
mod replication;
mod retype;
mod rewrite_elements;
mod rewrite_grammar;
mod rewrite_once;
mod rewrite_position;
mod rewrite_servers;
mod rewrite_types;
mod rollback_refused;
mod rust_functions;
mod schema_dump;
mod scratch;
mod several_apps;
mod shim_columns;
mod shim_framework;
mod shim_lookup;
mod shim_mock;
mod shim_resend;
mod shim_resend_several;
mod shim_rewrite;
mod shim_surface;
mod uses;
mod verify;
mod zoo;
