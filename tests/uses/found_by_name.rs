//! An object is found by the spelling that it is shown with.

use handover::database::catalog::uses::{self, Object};

use super::uses_of;
use crate::support::project::{Db, Project};

/// The spelling of an object is that which finds it again.
#[test]
fn objects_are_found_by_what_a_user_types() {
    let project = Project::bare(Db::Postgres);
    project.sql(
        "CREATE TABLE users (id int, username text);
         CREATE FUNCTION touch(a integer) RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM users';
         CREATE FUNCTION \"Odd.name\"(a double precision[]) RETURNS SETOF text LANGUAGE sql AS
         'SELECT username FROM users'",
    );
    let found = uses_of(&project, "users");
    let objects: Vec<&Object> = found.iter().map(|one| &one.object).collect();
    let keys: Vec<String> = objects.iter().map(|object| object.key()).collect();
    assert_eq!(
        keys,
        ["function:public.\"Odd.name\"(double precision[])", "function:public.touch(integer)"]
    );
    for given in ["touch", "function:touch", "public.touch(integer)", &keys[1]] {
        assert_eq!(uses::find(given, &objects).unwrap(), objects[1], "{given}");
    }
    assert_eq!(uses::find(&keys[0], &objects).unwrap(), objects[0]);
    assert!(uses::find("touch(text)", &objects).is_err());
}
