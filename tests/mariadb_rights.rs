//! What docs/reference/mariadb.md and docs/reference/settings.md grant is enough.

use handover::{Releases, Shim};
use sea_orm::{ConnectionTrait as _, Database, Statement};

use crate::support::project::{Db, Project};
use crate::support::rename::{USERS, state};

/// Writes through the shim, as a user who has no right to change a schema.
fn write(url: &str, name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let shim = Shim::builder(Database::connect(url).await.unwrap(), Releases::default());
        let shim = shim.app_version("9.0.0").start().await.unwrap();
        let update = format!("UPDATE users SET handle = '{name}' WHERE id = 1");
        let backend = sea_orm::DbBackend::MySql;
        let done = shim.execute_raw(Statement::from_string(backend, update)).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
        shim.shutdown().await.unwrap();
    });
}

#[test]
fn mariadb_rights_that_are_enough() {
    const RIGHTS: &str =
        "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, TRIGGER, LOCK TABLES, SHOW VIEW";
    let docs = include_str!("../docs/reference/mariadb.md");
    assert!(docs.contains(&format!("GRANT {RIGHTS}\n")));
    let project = Project::worked_example(Db::Mariadb, "9.0.0");
    let before = project.dump("users");
    let database = project.query("SELECT database()").remove(0);
    project.sql(&format!(
        "CREATE USER rights_migrations@localhost, rights_app@localhost;
         GRANT {RIGHTS} ON {database}.* TO rights_migrations@localhost"
    ));
    let as_user = |user: &str| project.url.replace("root@", &format!("{user}@"));
    let (migrations, app) = (as_user("rights_migrations"), as_user("rights_app"));
    let migrate = |arguments: &[&str], after: &str| {
        let arguments = [arguments, &["--database-url", &migrations]].concat();
        let _ = project.handover(&arguments).expect_status(0);
        assert_eq!(state(&project), after);
    };
    migrate(&["db", "migrate", "--pre"], "dual_write");
    project.sql(&format!(
        "GRANT SELECT, UPDATE ON {database}.handover_metadata TO rights_app@localhost;
         GRANT SELECT ON {database}.handover_changes TO rights_app@localhost;
         GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.handover_instances
            TO rights_app@localhost;
         GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.users TO rights_app@localhost"
    ));
    write(&app, "eve");
    migrate(&["db", "migrate", "--post", "--offline"], "read_to");
    write(&app, "joan");
    USERS.expect_equal(&project);
    project.version("9.0.1");
    migrate(&["db", "migrate", "--offline"], "contracted");
    write(&app, "ada");
    migrate(&["db", "rollback", "--step", "3"], "pending");
    assert_eq!(project.dump("users"), before);
    project.sql("DROP USER rights_migrations@localhost, rights_app@localhost");
}
