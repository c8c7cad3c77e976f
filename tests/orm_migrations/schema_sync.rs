//! sea-orm 2.0's schema-sync in every state of a rename, by code with either name.

use std::fmt::Write as _;

use handover::Shim;
use sea_orm::DbErr;
use tokio::runtime::{Builder, Runtime};

use crate::support::app::{self, after, before};
use crate::support::project::{Db, Project};
use crate::support::rename::state;

fn project(db: Db) -> Project {
    let project = Project::new(db);
    project.sql(app::users(db));
    project.sql("INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace')");
    project.copy_worked_example();
    project
}

/// Code of the release before the rename, which does not know it, and code of the rename's release.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Code {
    Before,
    After,
}

impl Code {
    const BOTH: [Self; 2] = [Self::Before, Self::After];

    async fn start(self, project: &Project) -> Shim {
        let db = project.connect().await;
        let shim = match self {
            Self::Before => Shim::builder(db, handover::Releases::default()).app_version("8.17.0"),
            Self::After => {
                Shim::builder(db, handover::releases!("release_migrations")).app_version("9.0.0")
            }
        };
        shim.start().await.unwrap()
    }

    /// Synchronises the schema as the app does when it starts. Returns what was put off.
    fn sync(self, project: &Project, runtime: &Runtime) -> Result<Vec<String>, DbErr> {
        runtime.block_on(async {
            let shim = self.start(project).await;
            let builder = shim.get_schema_builder();
            let builder = match self {
                Self::Before => builder.register(before::users::Entity),
                Self::After => builder.register(after::users::Entity),
            };
            let sync = shim.for_schema_sync().await?;
            builder.sync(&sync).await?;
            shim.shutdown().await?;
            Ok(sync.put_off())
        })
    }

    /// The same with the shim itself.
    fn sync_with_shim(self, project: &Project, runtime: &Runtime) -> Result<(), DbErr> {
        runtime.block_on(async {
            let shim = self.start(project).await;
            let builder = shim.get_schema_builder();
            let synced = match self {
                Self::Before => builder.register(before::users::Entity).sync(&shim).await,
                Self::After => builder.register(after::users::Entity).sync(&shim).await,
            };
            shim.shutdown().await?;
            synced
        })
    }
}

/// Brings the project to each state, and calls `look` there.
fn each_state(project: &Project, mut look: impl FnMut(&str)) {
    look("pending");
    for (release, phase, halfway) in [
        ("9.0.0", "--pre", ""),
        ("9.0.0", "--offline", ""),
        ("9.0.1", "--offline", "migrator::entered::write_to=return"),
        ("9.0.1", "--offline", ""),
    ] {
        project.version(release);
        let mut command = project.command(&["db", "migrate", phase]);
        command.env("FAILPOINTS", halfway);
        let _ = project.run(command);
        look(&state(project));
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Nothing that belongs to the column is added or dropped, and the app starts in every state.
#[cfg(feature = "failpoints")]
#[test]
fn schema_sync_changes_nothing_under_change() {
    let runtime = runtime();
    for db in Db::ALL {
        let project = project(db);
        each_state(&project, |state| {
            for code in Code::BOTH {
                let was = project.dump("users");
                let synced = code.sync(&project, &runtime);
                assert!(synced.is_ok(), "{db:?} {state} {code:?}: {synced:?}");
                assert_eq!(project.dump("users"), was, "{db:?} {state} {code:?}: {synced:?}");
                // What the code expects is all there.
                let settled = matches!(
                    (state, code),
                    ("pending", Code::Before) | ("contracted", Code::After)
                );
                let put_off = synced.unwrap();
                assert!(!settled || put_off.is_empty(), "{db:?} {state} {code:?}: {put_off:?}");
            }
        });
        let _ = project.handover(&["db", "verify"]).expect_status(0);
        let _ = project.handover(&["db", "rollback", "--step", "3"]).expect_status(0);
    }
}

/// Without that connection, sync is refused where it would change a column under change.
#[cfg(feature = "failpoints")]
#[test]
fn schema_sync_with_the_shim_itself_is_refused() {
    let runtime = runtime();
    // SQLite drops an index without naming its table, so there is nothing to refuse by.
    for db in [Db::Postgres, Db::Mariadb] {
        let (project, mut text) = (project(db), String::new());
        each_state(&project, |state| {
            for code in Code::BOTH {
                let was = project.dump("users");
                let synced = code.sync_with_shim(&project, &runtime);
                assert_eq!(project.dump("users"), was, "{db:?} {state} {code:?}: {synced:?}");
                if let Err(error) = &synced {
                    assert!(handover::ShimError::is_refused(error), "{error}");
                }
                let outcome = if synced.is_ok() { "nothing to do" } else { "refused" };
                writeln!(text, "{state}, code {code:?}: {outcome}").unwrap();
            }
        });
        insta::allow_duplicates!(insta::assert_snapshot!(text, @r"
        pending, code Before: nothing to do
        pending, code After: refused
        dual_write, code Before: nothing to do
        dual_write, code After: refused
        read_to, code Before: refused
        read_to, code After: refused
        write_to, code Before: refused
        write_to, code After: nothing to do
        contracted, code Before: refused
        contracted, code After: nothing to do
        "));
    }
}

/// The tables of a new installation are made by sync itself, and what is there is left as it is.
#[test]
fn schema_sync_makes_the_tables_of_a_new_database() {
    let runtime = runtime();
    for db in Db::ALL {
        let project = Project::bare(db);
        project.copy_worked_example();
        project.version("9.0.0");
        for _ in 0..2 {
            assert_eq!(Code::After.sync(&project, &runtime).unwrap(), [""; 0], "{db:?}");
        }
        let _ = project.handover(&["db", "init", "--baseline", "9.0.1"]).expect_status(0);
        assert_eq!(Code::After.sync(&project, &runtime).unwrap(), [""; 0], "{db:?}");
        project.version("9.0.1");
        let output = project.handover(&["db", "migrate"]).expect_status(0);
        assert!(output.stdout.starts_with("nothing to do"), "{output}");
    }
}

/// `items` of the release before, and of the one that drops `note` and gives `amount` another type.
mod items {
    macro_rules! entity {
        ($module:ident, $type:ty $(, $note:ident)?) => {
            pub mod $module {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
                #[sea_orm(table_name = "items")]
                pub struct Model {
                    #[sea_orm(primary_key)]
                    pub id: i32,
                    #[sea_orm(indexed)]
                    pub amount: $type,
                    $(#[sea_orm(unique)]
                    pub $note: String,)?
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {}

                impl ActiveModelBehavior for ActiveModel {}
            }
        };
    }

    entity!(before, i32, note);
    entity!(after, i64);
}

/// The same while a column gets another type and another one is dropped, which sync finds as a unique column
/// that the entity does not have.
#[test]
fn schema_sync_leaves_other_changes_alone() {
    let runtime = runtime();
    for db in Db::ALL {
        let project = Project::new(db);
        let sync = |is_after: bool, release: &str| {
            runtime.block_on(async {
                let db = project.connect().await;
                let shim = Shim::builder(db, handover::Releases::default());
                let shim = shim.app_version(release).start().await.unwrap();
                let builder = shim.get_schema_builder();
                let sync = shim.for_schema_sync().await.unwrap();
                let synced = if is_after {
                    builder.register(items::after::Entity).sync(&sync).await
                } else {
                    builder.register(items::before::Entity).sync(&sync).await
                };
                shim.shutdown().await.unwrap();
                synced.unwrap();
            });
        };
        sync(false, "8.0.0");
        project.sql("INSERT INTO items (id, amount, note) VALUES (1, 7, 'a'), (2, 8, 'b')");
        let to = if db == Db::Sqlite { "text" } else { "bigint" };
        // SQLite drops no unique column.
        if db != Db::Sqlite {
            let drop = ["gen", "drop", "items.note", "--release", "9.0.0"];
            let _ = project.handover(&drop).expect_status(0);
        }
        let retype = ["gen", "retype", "items.amount", to, "--release", "9.0.0"];
        let _ = project.handover(&retype).expect_status(0);
        for (release, phase) in [
            ("9.0.0", "--pre"),
            ("9.0.0", "--offline"),
            ("9.0.1", "--offline"),
            ("9.1.0", "--offline"),
        ] {
            project.version(release);
            let _ = project.handover(&["db", "migrate", phase]).expect_status(0);
            for (is_after, own) in [(false, "8.0.0"), (true, "9.0.0")] {
                let was = project.dump("items");
                sync(is_after, own);
                assert_eq!(project.dump("items"), was, "{db:?} {release} {is_after}");
            }
        }
    }
}

/// `users` of the rename's release with one more column, and a new table that refers to it.
mod wider {
    pub mod users {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
        #[sea_orm(table_name = "users")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i32,
            #[sea_orm(unique)]
            pub handle: String,
            pub email: Option<String>,
            pub bio: Option<String>,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub mod orders {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
        #[sea_orm(table_name = "orders")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i32,
            #[sea_orm(indexed)]
            pub user_id: i32,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            #[sea_orm(
                belongs_to = "super::users::Entity",
                from = "Column::UserId",
                to = "super::users::Column::Id"
            )]
            Users,
        }

        impl Related<super::users::Entity> for Entity {
            fn to() -> RelationDef {
                Relation::Users.def()
            }
        }

        impl ActiveModelBehavior for ActiveModel {}
    }
}

/// What the release brings besides the rename is made while the rename is under way.
#[test]
fn schema_sync_makes_what_has_nothing_to_do_with_the_change() {
    let runtime = runtime();
    for db in Db::ALL {
        let project = project(db);
        project.version("9.0.0");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
        runtime.block_on(async {
            use sea_orm::EntityTrait as _;

            let shim = Code::After.start(&project).await;
            let builder = shim.get_schema_builder();
            let builder = builder.register(wider::users::Entity).register(wider::orders::Entity);
            let sync = shim.for_schema_sync().await.unwrap();
            builder.sync(&sync).await.unwrap();
            let ada = wider::users::Entity::find_by_id(1).one(&shim).await.unwrap().unwrap();
            assert_eq!((ada.handle.as_str(), ada.bio), ("ada", None), "{db:?}");
            assert!(wider::orders::Entity::find().all(&shim).await.unwrap().is_empty());
            shim.shutdown().await.unwrap();
        });
        assert_eq!(state(&project), "read_to");
        project.version("9.0.1");
        let _ = project.handover(&["db", "migrate", "--offline"]).expect_status(0);
    }
}
