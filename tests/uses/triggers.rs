//! The triggers and rules of the table itself, which a copy may fire.

use handover::database::catalog::uses::{self, AppTrigger};
use handover::model::TableName;

use super::dialect;
use crate::support::project::{Db, Project};

fn triggers_of(project: &Project) -> Vec<AppTrigger> {
    let table: TableName = "users".parse().unwrap();
    project.block_on(async |db| uses::triggers(db, dialect(project.db), &table).await.unwrap())
}

/// Which triggers a copy into `handle` fires: as usual, and as a replica.
fn fired(project: &Project) -> Vec<String> {
    let shown = |trigger: &AppTrigger| {
        let runs =
            |as_replica| trigger.runs_on_update_of(dialect(project.db), "handle", as_replica);
        let events: Vec<String> = trigger.events.iter().map(ToString::to_string).collect();
        let name = &trigger.object.name;
        format!("{name} {} {} {} {}", trigger.timing, events.join(","), runs(false), runs(true))
    };
    triggers_of(project).iter().map(shown).collect()
}

#[test]
fn triggers_of_the_table_itself() {
    let sqlite = Project::bare(Db::Sqlite);
    sqlite.sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, n INT);
         CREATE TABLE posts (id INT);
         CREATE TRIGGER a_every UPDATE ON users BEGIN SELECT 1; END;
         CREATE TRIGGER b_some AFTER UPDATE OF username, n ON users BEGIN SELECT 1; END;
         CREATE TRIGGER \"update\" AFTER DELETE ON users BEGIN SELECT 1; END;
         CREATE TRIGGER elsewhere AFTER UPDATE ON posts BEGIN SELECT 1; END;
         CREATE TRIGGER zzz_handover_guard_x UPDATE ON users BEGIN SELECT 1; END",
    );
    assert_eq!(
        fired(&sqlite),
        [
            "a_every BEFORE UPDATE true false",
            "b_some AFTER UPDATE false false",
            "update AFTER DELETE false false"
        ]
    );
    let mariadb = Project::bare(Db::Mariadb);
    mariadb.sql("CREATE TABLE users (id int, username varchar(20))");
    for event in ["INSERT", "UPDATE"] {
        mariadb.sql(&format!(
            "CREATE TRIGGER t_{event} BEFORE {event} ON users FOR EACH ROW SET NEW.id = 1"
        ));
    }
    assert_eq!(
        fired(&mariadb),
        ["t_INSERT BEFORE INSERT false false", "t_UPDATE BEFORE UPDATE true false"]
    );
    let postgres = Project::bare(Db::Postgres);
    postgres.sql(
        "CREATE TABLE users (id int, username text);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER a BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();
         CREATE TRIGGER b AFTER UPDATE OF username ON users FOR EACH ROW EXECUTE FUNCTION f();
         CREATE TRIGGER c AFTER UPDATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER d AFTER UPDATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER e AFTER UPDATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER f AFTER TRUNCATE ON users EXECUTE FUNCTION f();
         CREATE TRIGGER zzz_handover_guard_x AFTER UPDATE ON users EXECUTE FUNCTION f();
         ALTER TABLE users ENABLE ALWAYS TRIGGER c; ALTER TABLE users ENABLE REPLICA TRIGGER d;
         ALTER TABLE users DISABLE TRIGGER e;
         CREATE RULE r AS ON UPDATE TO users WHERE NEW.id = 0 DO INSTEAD NOTHING",
    );
    assert_eq!(
        fired(&postgres),
        [
            "a BEFORE INSERT,UPDATE true false",
            "b AFTER UPDATE false false",
            "c AFTER UPDATE true true",
            "d AFTER UPDATE false true",
            "e AFTER UPDATE false false",
            "f AFTER TRUNCATE false false",
            "r INSTEAD OF UPDATE true false"
        ]
    );
    let rule = triggers_of(&postgres).pop().unwrap().object;
    assert_eq!(rule.to_string(), "the rule `r` on `public.users`");
}
