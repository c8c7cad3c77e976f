use sea_orm::{ConnectionTrait as _, DatabaseConnection};

use super::*;
use crate::database::Dialect;
use crate::model::Release;
use crate::shim::registration::FREQUENT_FOR;

const LOOK: Duration = Duration::from_secs(1);

async fn lease() -> (DatabaseConnection, Arc<Lease>) {
    let connection = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
    tables::create(&connection, Dialect::Sqlite, None).await.unwrap();
    let (id, host) = ("one".to_owned(), "here".to_owned());
    let release = Release::new(9, 0, 0);
    let identity = Identity { id, app: None, host, pid: 1, release, followed: Vec::new() };
    let database = Database::from_connection(connection.clone()).unwrap();
    let lease =
        Lease::start(database, identity, Code::of(Release::new(9, 0, 0)), LOOK * 60, LOOK).await;
    (connection, lease.unwrap())
}

#[tokio::test]
async fn a_change_of_state_is_followed_by_more_frequent_refreshes() {
    let (_, lease) = lease().await;
    assert_eq!(lease.next_refresh().await.0, LOOK / 5);
    lease.registration.lock().await.adopted = Instant::now().checked_sub(FREQUENT_FOR);
    assert_eq!(lease.next_refresh().await.0, LOOK);
}

/// The loop waits for the end of a mapping. If one that has ended stayed in the list, the loop
/// would refresh without a pause.
#[tokio::test]
async fn a_mapping_that_has_ended_is_forgotten_even_if_the_database_fails() {
    let (connection, lease) = lease().await;
    let in_use = lease.mapping().await.unwrap();
    let moved = "UPDATE handover_metadata SET epoch = epoch + 1";
    connection.execute_unprepared(moved).await.unwrap();
    lease.refresh().await.unwrap();
    assert!(lease.next_refresh().await.1.is_some());
    lease.refresh().await.unwrap();
    assert!(lease.next_refresh().await.1.is_some());
    drop(in_use);
    connection.execute_unprepared("DROP TABLE handover_metadata").await.unwrap();
    lease.refresh().await.unwrap_err();
    assert!(lease.next_refresh().await.1.is_none());
}
