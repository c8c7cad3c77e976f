//! A further app is added to handover's tables while the first one runs.

use super::{joined, reports, reports_process, runtime, shop, shop_process};
use crate::support::project::{Db, Project, each_bare_database, each_database};
use crate::support::rename::state;

/// A process of an earlier version of handover would compare its own release with those of another app.
#[test]
fn apps_join_when_every_process_tells_them_apart() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = reports(&shop);
        let runtime = runtime();
        let process = runtime.block_on(shop_process(&shop, "9.0.0"));
        shop.sql(
            "INSERT INTO handover_instances (id, host, pid, \"release\", acknowledged, registered_at, \
             expires_at, reads_format) VALUES ('old', 'far', 7, '9.0.0', 0, 0, 99999999999999, 3)",
        );
        reports.write("handover.yml", "app: reports\nacknowledgement_patience: 1s\n");
        let join = ["db", "init", "--baseline", "none"];
        let before = shop.query("SELECT CAST(format_version AS text) FROM handover_metadata");
        let refused = reports.handover(&join).expect_status(3);
        assert!(refused.stderr.contains("knows only one app in a database"), "{refused}");
        assert_eq!(
            shop.query("SELECT CAST(format_version AS text) FROM handover_metadata"),
            before
        );
        let _ = shop.handover(&["db", "plan"]).expect_status(0);
        shop.sql("DELETE FROM handover_instances WHERE id = 'old'");
        let _ = reports.handover(&join).expect_status(0);
        let again = reports.handover(&join).expect_status(2);
        assert!(again.stderr.contains("initialised already"), "{again}");
        runtime.block_on(process.shutdown()).unwrap();
        let _ = shop.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(&shop), "read_to");
    });
}

/// A process may register before its app is initialised; it is never taken for one of another app.
#[test]
fn apps_are_told_apart_before_they_join() {
    each_database(|given| {
        let shop = shop(given.db);
        let reports = reports(&shop);
        let runtime = runtime();
        let process = runtime.block_on(reports_process(&reports, &[]));
        // Its release is lower than any of this app.
        let _ = shop.handover(&["db", "migrate", "--wait", "1m"]).expect_status(0);
        assert_eq!(state(&shop), "read_to");
        runtime.block_on(process.shutdown()).unwrap();
    });
}

/// A process of an earlier version cannot come in later either: it does not know the kind of a change that belongs
/// to an app with a name, and would compare its own release with that change's.
#[test]
fn apps_with_names_have_kinds_of_their_own() {
    each_database(|given| {
        let shop = shop(given.db);
        let _ = shop.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let reports = joined(&shop);
        let id = if given.db == Db::Postgres {
            "id serial PRIMARY KEY"
        } else {
            "id integer PRIMARY KEY"
        };
        reports.sql(&format!("CREATE TABLE sums ({id}, total integer)"));
        let _ = reports
            .handover(&["gen", "rename", "sums.total", "amount", "--release", "1.2.0"])
            .expect_status(0);
        // A process that does not tell the apps apart holds the change up.
        reports.sql(
            "INSERT INTO handover_instances (id, host, pid, \"release\", acknowledged, registered_at, \
             expires_at, reads_format) VALUES ('old', 'far', 7, '9.0.0', 99, 0, 99999999999999, 3)",
        );
        let quickly = ["db", "migrate", "--pre", "--acknowledgement-patience", "1s"];
        let refused = reports.handover(&quickly).expect_status(3);
        assert!(refused.stderr.contains("far:7 at 9.0.0"), "{refused}");
        reports.sql("DELETE FROM handover_instances WHERE id = 'old'");
        let _ = reports.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let kinds = reports.query("SELECT kind FROM handover_changes ORDER BY kind");
        assert_eq!(kinds, ["app/rename", "rename"]);
    });
}

/// The second app's role may be only a member of the first one's, and search other schemas first.
#[test]
fn apps_join_in_the_schema_and_with_the_owner_of_the_first() {
    let shop = shop(Db::Postgres);
    // Names that have to be quoted.
    let name = format!("M{}", std::process::id());
    shop.sql(&format!(
        r#"CREATE ROLE "first_{name}" LOGIN; CREATE ROLE "second_{name}" LOGIN IN ROLE "first_{name}";
         CREATE SCHEMA reports AUTHORIZATION "second_{name}";
         GRANT USAGE, CREATE ON SCHEMA public TO "first_{name}";
         ALTER ROLE "second_{name}" SET search_path = reports, public"#
    ));
    for table in shop.query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'") {
        shop.sql(&format!(r#"ALTER TABLE {table} OWNER TO "first_{name}""#));
    }
    let as_role = |role: &str| {
        let (_, rest) = shop.url.split_once('@').unwrap();
        format!("postgres://{role}_{name}@{rest}")
    };
    let reports = reports(&shop);
    let run = |project: &Project, role: &str, arguments: &[&str]| {
        let mut command = project.command(arguments);
        command.env("DATABASE_URL", as_role(role));
        project.run(command).expect_status(0)
    };
    let _ = run(&reports, "second", &["db", "init", "--baseline", "none"]);
    let sql = "CREATE TABLE reports.sums (id integer)";
    reports.write("release_migrations/1.2.0/20260901120000_sums.sql", sql);
    let _ = run(&reports, "second", &["db", "migrate"]);
    let _ = run(&shop, "first", &["db", "migrate"]);
    assert_eq!(state(&shop), "read_to");
    let owners = "SELECT schemaname || '.' || tablename || ' ' || tableowner FROM pg_tables
                  WHERE tablename LIKE 'handover_app%' ORDER BY 1";
    let owned = |table: &str| format!("public.{table} first_{name}");
    assert_eq!(shop.query(owners), [owned("handover_app_migrations"), owned("handover_apps")]);
    shop.sql(&format!(
        r#"DROP SCHEMA reports CASCADE; REASSIGN OWNED BY "first_{name}" TO CURRENT_USER;
         DROP OWNED BY "first_{name}", "second_{name}";
         DROP ROLE "second_{name}"; DROP ROLE "first_{name}""#
    ));
}

/// A baseline cannot take over the change of another app.
#[test]
fn apps_do_not_take_over_a_change_with_a_baseline() {
    each_database(|given| {
        let shop = shop(given.db);
        for release in ["9.0.0", "9.0.1"] {
            shop.version(release);
            let _ = shop.handover(&["db", "migrate", "--offline"]).expect_status(0);
        }
        let reports = reports(&shop);
        reports.copy_worked_example();
        let join = ["db", "init", "--baseline", "9.0.1"];
        let refused = reports.handover(&join).expect_status(2);
        assert!(refused.stderr.contains("records for the app without a name"), "{refused}");
        let refused = reports.handover(&["db", "rollback"]).expect_status(2);
        assert!(refused.stderr.contains("nothing to undo"), "{refused}");
        assert_eq!(state(&shop), "contracted");
        let _ = shop.handover(&["db", "verify"]).expect_status(0);
    });
}

/// What is interrupted is completed by the same command, and the first app never notices.
#[cfg(feature = "failpoints")]
#[test]
fn apps_join_after_an_interruption() {
    each_database(|given| {
        let shop = shop(given.db);
        let _ = shop.handover(&["db", "migrate", "--pre"]).expect_status(0);
        let reports = reports(&shop);
        let join = ["db", "init", "--baseline", "none"];
        let mut command = reports.command(&join);
        command.env("FAILPOINTS", "migrator::commit::app=return");
        let output = reports.run(command);
        assert_ne!(output.status, Some(0), "{output}");
        let _ = shop.handover(&["db", "plan"]).expect_status(0);
        let refused = reports.handover(&["db", "plan"]).expect_status(3);
        assert!(refused.stderr.contains("and none of app `reports`"), "{refused}");
        let _ = reports.handover(&join).expect_status(0);
        let _ = shop.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(&shop), "read_to");
    });
}

/// The first app of a database may have a name, and a later one none.
#[test]
fn apps_may_all_have_names_but_one() {
    each_bare_database(|shop| {
        shop.write("handover.yml", "app: shop\n");
        let _ = shop.handover(&["db", "init"]).expect_status(0);
        shop.make_an_hour_older();
        shop.sql(crate::support::app::users(shop.db));
        shop.sql("INSERT INTO users (id, username) VALUES (1, 'ada')");
        shop.copy_worked_example();
        shop.version("9.0.0");
        let _ = shop.handover(&["db", "migrate"]).expect_status(0);

        let nameless = shop.beside();
        nameless.version("2.0.0");
        let refused = nameless.handover(&["db", "plan"]).expect_status(3);
        let says = "has the migrations of app `shop`, and none of the app without a name";
        assert!(refused.stderr.contains(says), "{refused}");
        assert!(refused.stderr.contains("set `app` in handover.yml"), "{refused}");
        let _ = nameless.handover(&["db", "init", "--baseline", "2.0.0"]).expect_status(0);
        let named = shop.beside();
        named.write("handover.yml", "app: worker\n");
        let _ = named.handover(&["db", "init", "--baseline", "none"]).expect_status(0);
        for project in [&nameless, &named] {
            project.version("2.1.0");
            let sql = "CREATE TABLE of_2 (id integer)";
            let name = project.root().file_name().unwrap().len();
            let id = 20_260_901_120_000_u64 + name as u64;
            project.write(
                &format!("release_migrations/2.1.0/{id}_own.sql"),
                if project.root() == nameless.root() {
                    sql
                } else {
                    "CREATE TABLE of_3 (id integer)"
                },
            );
            let _ = project.handover(&["db", "migrate"]).expect_status(0);
            let status = project.handover(&["db", "status"]).expect_status(0);
            assert!(status.stdout.contains("schema release   2.1.0"), "{status}");
        }
        shop.version("9.0.1");
        let _ = shop.handover(&["db", "migrate", "--offline"]).expect_status(0);
        assert_eq!(state(shop), "contracted");
        let _ = shop.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
        assert_eq!(shop.query("SELECT username FROM users"), ["ada"]);
    });
}

/// The release of one app can be corrected without a trace in the other.
#[test]
fn apps_correct_their_own_baseline() {
    each_database(|given| {
        let shop = shop(given.db);
        let _ = shop.handover(&["db", "migrate"]).expect_status(0);
        let reports = reports(&shop);
        reports.write("release_migrations/1.0.0/7_own.sql", "CREATE TABLE never (id integer)");
        let _ = reports.handover(&["db", "init", "--baseline", "1.0.0"]).expect_status(0);
        let _ = reports.handover(&["db", "init", "--baseline", "1.1.0"]).expect_status(0);
        let output = reports.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
        assert_eq!(state(&shop), "read_to");
        shop.version("9.0.1");
        let _ = shop.handover(&["db", "migrate", "--offline"]).expect_status(0);
        let _ = shop.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
    });
}

/// A dump has the schema of all apps, and the history of one.
#[test]
fn apps_dump_and_load_with_their_own_history() {
    each_database(|given| {
        if given.db == Db::Mariadb {
            return; // Whether the dump program is there is not what this is about.
        }
        let shop = shop(given.db);
        let reports = joined(&shop);
        let sql = "CREATE TABLE sums (id integer PRIMARY KEY, total integer)";
        reports.write("release_migrations/1.2.0/20260901120000_sums.sql", sql);
        let _ = reports.handover(&["db", "migrate"]).expect_status(0);
        let _ = reports.handover(&["db", "dump"]).expect_status(0);
        let fresh = Project::bare(given.db);
        for file in ["schema.sqlite.sql", "schema.postgres.sql"] {
            if let Ok(text) = std::fs::read_to_string(reports.root().join(file)) {
                fresh.write(file, &text);
            }
        }
        fresh.write("handover.yml", "app: reports\n");
        fresh.write("release_migrations/1.2.0/20260901120000_sums.sql", sql);
        fresh.version("1.2.0");
        let _ = fresh.handover(&["db", "load"]).expect_status(0);
        let output = fresh.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
        let first = fresh.beside();
        first.copy_worked_example();
        first.version("9.0.0");
        let _ = first.handover(&["db", "init", "--baseline", "8.17.0"]).expect_status(0);
        let _ = first.handover(&["db", "migrate"]).expect_status(0);
        assert_eq!(state(&first), "read_to");
    });
}
