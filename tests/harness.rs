//! The tests' own tools: what they show of a table and of the command.

use crate::support::project::{Db, Project, each_database};

const USERS: &str = "
    CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL UNIQUE, email text);
    CREATE INDEX users_email ON users (email);
    INSERT INTO users VALUES (2, 'grace', NULL), (1, 'ada', 'ada@example.org')";

#[test]
fn a_table_is_dumped_with_schema_and_rows() {
    each_database(|project| {
        project.sql(USERS);
        let dump = project.dump("users");
        match project.db {
            Db::Mariadb => insta::assert_snapshot!(dump, @r"
            table users
              email varchar(100) utf8mb4_bin default NULL
              id int(11) not null
              username varchar(100) utf8mb4_bin not null
              index users_email (email) BTREE
              unique index PRIMARY (id) BTREE
              unique index username (username) BTREE
              '1', 'ada@example.org', 'ada'
              '2', NULL, 'grace'
            "),
            Db::Sqlite => insta::assert_snapshot!(dump, @r"
            table users
              email text
              id integer primary key
              username text not null
              index users_email (email)
              unique index (username)
              1, 'ada@example.org', 'ada'
              2, NULL, 'grace'
            "),
            Db::Postgres => insta::assert_snapshot!(dump, @r"
            table users
              email text
              id integer not null
              username text not null
              CREATE INDEX users_email ON public.users USING btree (email)
              CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)
              CREATE UNIQUE INDEX users_username_key ON public.users USING btree (username)
              constraint users_pkey PRIMARY KEY (id)
              constraint users_username_key UNIQUE (username)
              '1', 'ada@example.org', 'ada'
              '2', NULL, 'grace'
            "),
        }
    });
}

#[test]
fn the_order_of_columns_and_rows_is_no_difference() {
    each_database(|project| {
        project.sql(USERS);
        let dump = project.dump("users");
        project.sql(
            "DROP TABLE users;
             CREATE TABLE users (email text, username text NOT NULL UNIQUE, id integer PRIMARY KEY);
             INSERT INTO users VALUES ('ada@example.org', 'ada', 1), (NULL, 'grace', 2);
             CREATE INDEX users_email ON users (email)",
        );
        assert_eq!(project.dump("users"), dump);
    });
}

#[tokio::test]
async fn helpers_work_inside_a_runtime() {
    let project = Project::new(Db::Sqlite);
    assert_eq!(project.query("SELECT 'one'"), ["one"]);
}

#[test]
fn the_output_of_the_command_ends_with_its_status() {
    let output = Project::new(Db::Sqlite).handover(&["--version"]).expect_status(0);
    assert!(output.to_string().ends_with("[exit 0]"), "{output}");
}
