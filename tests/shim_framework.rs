//! A framework that owns the connection, and calls the app with it: docs/how-to/frameworks.md. The app
//! finds its shim by the connection.

use std::sync::Arc;

use handover::{Releases, Shim};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _,
    QueryFilter as _,
};

use crate::support::app::{self, after::users};
use crate::support::project::{Db, Project, each_database};

/// The framework, in the form of loco: its context has a connection of sea-orm's type, and its traits
/// pass that on.
mod framework {
    use std::any::{Any, TypeId};
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    use sea_orm::{DatabaseConnection, DbErr, EntityTrait};

    #[derive(Clone)]
    pub struct AppContext {
        pub db: DatabaseConnection,
        pub shared_store: Arc<SharedStore>,
    }

    #[derive(Default)]
    pub struct SharedStore(Mutex<HashMap<TypeId, Box<dyn Any + Send>>>);

    impl SharedStore {
        pub fn insert<T: Any + Send>(&self, value: T) {
            self.0.lock().unwrap().insert(TypeId::of::<T>(), Box::new(value));
        }

        pub fn get<T: Any + Clone>(&self) -> Option<T> {
            self.0.lock().unwrap().get(&TypeId::of::<T>())?.downcast_ref::<T>().cloned()
        }
    }

    pub trait Authenticable: Clone {
        fn find_by_api_key(
            db: &DatabaseConnection,
            key: &str,
        ) -> impl Future<Output = Result<Self, DbErr>> + Send;
    }

    pub trait Hooks {
        async fn after_context(context: AppContext) -> Result<AppContext, DbErr>;
        async fn truncate(context: &AppContext) -> Result<(), DbErr>;
        async fn seed(context: &AppContext) -> Result<(), DbErr>;
        async fn on_shutdown(context: &AppContext);
    }

    pub async fn boot<H: Hooks>(db: DatabaseConnection) -> Result<AppContext, DbErr> {
        H::after_context(AppContext { db, shared_store: Arc::default() }).await
    }

    /// Names no column.
    pub async fn truncate_table<T: EntityTrait>(
        db: &DatabaseConnection,
        _: T,
    ) -> Result<(), DbErr> {
        T::delete_many().exec(db).await.map(drop)
    }

    pub async fn authenticate<A: Authenticable>(
        context: &AppContext,
        key: &str,
    ) -> Result<A, DbErr> {
        A::find_by_api_key(&context.db, key).await
    }
}

struct App;

/// The shim on a connection of the framework's.
fn shim(db: &DatabaseConnection) -> Result<Shim, DbErr> {
    Shim::of(db).ok_or_else(|| DbErr::Custom("`after_context` has not started the shim".to_owned()))
}

impl framework::Hooks for App {
    async fn after_context(context: framework::AppContext) -> Result<framework::AppContext, DbErr> {
        let shim = start(&context.db).await?;
        context.shared_store.insert(shim);
        Ok(context)
    }

    async fn truncate(context: &framework::AppContext) -> Result<(), DbErr> {
        framework::truncate_table(&context.db, users::Entity).await
    }

    async fn seed(context: &framework::AppContext) -> Result<(), DbErr> {
        let rows = [(1, "ada"), (2, "grace")].map(|(id, name)| users::ActiveModel {
            id: Set(id),
            handle: Set(name.to_owned()),
            ..Default::default()
        });
        users::Entity::insert_many(rows).exec_without_returning(&shim(&context.db)?).await.map(drop)
    }

    async fn on_shutdown(context: &framework::AppContext) {
        if let Some(shim) = context.shared_store.get::<Shim>() {
            shim.shutdown().await.unwrap();
        }
    }
}

impl framework::Authenticable for users::Model {
    async fn find_by_api_key(db: &DatabaseConnection, key: &str) -> Result<Self, DbErr> {
        let named = users::Entity::find().filter(users::Column::Handle.eq(key));
        let found = named.one(&shim(db)?).await?;
        found.ok_or_else(|| DbErr::RecordNotFound(key.to_owned()))
    }
}

async fn start(db: &DatabaseConnection) -> Result<Shim, DbErr> {
    let releases = handover::releases!("release_migrations");
    Shim::builder(db.clone(), releases).app_version("9.0.0").start().await
}

/// The worked example while both columns are written.
fn in_dual_write(project: &Project) {
    project.sql(app::users(project.db));
    project.copy_worked_example();
    project.version("9.0.0");
    let _ = project.handover(&["db", "migrate", "--pre"]).expect_status(0);
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}

fn instances(project: &Project) -> usize {
    project.query("SELECT id FROM handover_instances").len()
}

#[test]
fn shim_framework_that_owns_the_connection_serves_an_app_with_a_shim() {
    use framework::Hooks as _;
    each_database(|project| {
        in_dual_write(project);
        run(async {
            let context = framework::boot::<App>(project.connect().await).await.unwrap();
            App::seed(&context).await.unwrap();
            let both = "SELECT concat(username, handle) FROM users ORDER BY id";
            let both = if project.db == Db::Sqlite {
                "SELECT username || handle FROM users ORDER BY id"
            } else {
                both
            };
            assert_eq!(project.query(both), ["adaada", "gracegrace"]);
            let user: users::Model = framework::authenticate(&context, "ada").await.unwrap();
            assert_eq!(user.handle, "ada");
            App::truncate(&context).await.unwrap();
            assert_eq!(project.query(both), [""; 0]);
            App::on_shutdown(&context).await;
            assert_eq!(instances(project), 0);
        });
    });
}

#[test]
fn shim_framework_that_sets_up_twice_registers_once() {
    each_database(|project| {
        in_dual_write(project);
        run(async {
            let db = project.connect().await;
            let first = start(&db).await.unwrap();
            let second = start(&db).await.unwrap();
            assert_eq!(instances(project), 1);
            // Either keeps the process registered.
            drop(first);
            second.ping().await.unwrap();
            assert!(Shim::of(&db).is_some());
            second.shutdown().await.unwrap();
            assert_eq!(instances(project), 0);
            // A shim that was shut down is not used again.
            let (one, other) = tokio::join!(start(&db), start(&db));
            assert_eq!(instances(project), 1);
            drop(other);
            one.unwrap().shutdown().await.unwrap();
            assert_eq!(instances(project), 0);
        });
    });
}

#[test]
fn shim_framework_with_another_pool_or_release_has_another_shim() {
    let project = Project::new(Db::Sqlite);
    in_dual_write(&project);
    run(async {
        let (db, other_db) = (project.connect().await, project.connect().await);
        let shim = start(&db).await.unwrap();
        assert!(Shim::of(&other_db).is_none());
        let other = start(&other_db).await.unwrap();
        assert_eq!(instances(&project), 2);
        let earlier = Shim::builder(db.clone(), Releases::default()).app_version("8.17.0");
        let earlier = earlier.start().await.unwrap();
        assert_eq!(instances(&project), 3);
        for shim in [shim, other, earlier] {
            shim.shutdown().await.unwrap();
        }
        assert!(Shim::of(&db).is_none(), "the shims are gone, and with them their entries");
    });
}

/// Each test of an app has a runtime of its own, and the task that renews a lease ends with its runtime.
#[test]
fn shim_framework_of_another_runtime_starts_another_task() {
    let project = Project::new(Db::Sqlite);
    in_dual_write(&project);
    let kept = Arc::new(std::sync::Mutex::new(None));
    run(async {
        let db = project.connect().await;
        let shim = start(&db).await.unwrap();
        *kept.lock().unwrap() = Some((db, shim));
    });
    let (db, shim) = kept.lock().unwrap().take().unwrap();
    run(async {
        let again = start(&db).await.unwrap();
        assert_eq!(instances(&project), 2);
        again.shutdown().await.unwrap();
        shim.shutdown().await.unwrap();
    });
}
