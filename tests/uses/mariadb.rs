//! The objects that MariaDB keeps.

use handover::Dialect;
use handover::database::catalog::uses;
use handover::model::Identifier;

use super::{ALL, CHANGES, NAMES, POSITION, WRITES, lines};
use crate::support::project::{Db, Project};

#[test]
fn mariadb_routines_triggers_and_events() {
    let project = Project::bare(Db::Mariadb);
    project.sql(
        "CREATE TABLE users (id int PRIMARY KEY, username varchar(20), post_count int);
         CREATE TABLE posts (id int, username varchar(20), author int);
         CREATE TABLE archive (id int, username varchar(20), post_count int)",
    );
    let home = project.query("SELECT database()").remove(0);
    let other = format!("{home}_other");
    project.sql(&format!("CREATE DATABASE {other}; CREATE TABLE {other}.log (a text)"));
    let made = [
        "CREATE TRIGGER of_posts AFTER INSERT ON posts FOR EACH ROW
         UPDATE users SET username = NEW.username WHERE id = NEW.author",
        "CREATE TRIGGER counts AFTER INSERT ON posts FOR EACH ROW
         UPDATE users SET post_count = post_count + 1 WHERE id = NEW.author",
        "CREATE TRIGGER lowers BEFORE INSERT ON users FOR EACH ROW
         SET NEW.username = lower(NEW.username)",
        "CREATE TRIGGER logs AFTER DELETE ON users FOR EACH ROW
         INSERT INTO archive (username) VALUES (OLD.username)",
        "CREATE TRIGGER zzz_handover_guard_x BEFORE UPDATE ON users FOR EACH ROW
         IF NEW.username <> '' THEN SIGNAL SQLSTATE '45000'; END IF",
        "CREATE FUNCTION counted() RETURNS int READS SQL DATA
         RETURN (SELECT count(username) FROM users)",
        "CREATE PROCEDURE by_position() BEGIN INSERT INTO users VALUES (1, 'a', 2); END",
        "CREATE PROCEDURE archives() INSERT INTO archive SELECT * FROM users",
        "CREATE PROCEDURE dynamic() EXECUTE IMMEDIATE 'UPDATE users SET username = 1'",
        "CREATE PROCEDURE of_posts() UPDATE posts p JOIN users u ON p.author = u.id
         SET p.username = 1",
        "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM users WHERE username = ''",
        &format!("CREATE PROCEDURE {other}.far() UPDATE {home}.users SET username = 1"),
        &format!("CREATE PROCEDURE {other}.own() UPDATE users SET username = 1"),
        "SET sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE quoted() UPDATE users SET username = 1",
    ];
    for sql in made {
        project.sql(sql);
    }
    let found = lines(&project, "users");
    project.sql(&format!("DROP DATABASE {other}"));
    let mut want = vec![
        format!("trigger:db.posts.of_posts {WRITES}"),
        format!("trigger:db.users.lowers {CHANGES}"),
        format!("trigger:db.users.logs {NAMES}"),
        format!("function:db.counted {NAMES}"),
        format!("procedure:db.by_position {POSITION}"),
        format!("procedure:db.archives {ALL}"),
        format!("procedure:db.dynamic {WRITES}"),
        format!("procedure:db.quoted {WRITES}"),
        format!("event:db.nightly {NAMES}"),
        format!("procedure:db_other.far {WRITES}"),
    ];
    want.sort();
    assert_eq!(found, want);
}

/// Who may call a routine sees its name, and its text only with another right.
#[test]
fn mariadb_a_body_that_cannot_be_read() {
    let project = Project::bare(Db::Mariadb);
    project.sql("CREATE TABLE users (id int, username varchar(20))");
    project.sql("CREATE PROCEDURE hidden() UPDATE users SET username = 1");
    let home = project.query("SELECT database()").remove(0);
    project.sql(&format!(
        "CREATE USER uses_reader@localhost; GRANT SELECT, EXECUTE ON {home}.* TO uses_reader@localhost"
    ));
    let url = project.url.replace("root@", "uses_reader@");
    let (table, from, to) = ("users".parse().unwrap(), "username", "handle");
    let found = project.block_on(async |_| {
        let reader = sea_orm::Database::connect(url).await.unwrap();
        let (from, to) = (Identifier::new(from).unwrap(), Identifier::new(to).unwrap());
        let found = uses::uses(&reader, Dialect::MariaDb, &table, &from, &to).await.unwrap();
        reader.close().await.unwrap();
        found
    });
    project.sql("DROP USER uses_reader@localhost");
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    let want = format!("the procedure `{home}.hidden` has a body that this user may not read");
    assert_eq!(shown, [want]);
    assert!(!found[0].certain);
}
