//! Transactions: committed, rolled back, nested, and long.

use std::time::Duration;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, QueryFilter,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::time::sleep;

use super::{Done, Worker};
use crate::app::Users;
use crate::journal::Row;

/// Longer than a migration takes that waits for nobody.
const LONG: Duration = Duration::from_millis(400);

/// For a transaction that writes. SQLite gives up on one that began by reading
/// when another process has written since, and no waiting helps: so it has to
/// say at the beginning that it will write. Other databases ignore this.
fn writing() -> TransactionOptions {
    let mode = Some(SqliteTransactionMode::Immediate);
    TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() }
}

impl<U: Users> Worker<U> {
    /// Inserts one row and renames another; what a savepoint encloses is undone.
    pub async fn commit(&mut self) -> Done {
        let (id, row) = self.any()?;
        let (added, fresh) = self.fresh();
        let renamed = self.renamed(id, &row);
        let changes = [(id, Some(renamed.clone())), (added, Some(fresh.clone()))];
        self.intend(&changes)?;

        let probe = self.probe.clone();
        let tx = probe.measure_in_transaction(self.db.begin_with_options(writing())).await?;
        self.expect_in(&tx, id, &row).await?;
        probe.measure_in_transaction(U::active(added, &fresh).insert(&tx)).await?;
        probe.measure_in_transaction(U::active(id, &renamed).update(&tx)).await?;

        let nested = probe.measure_in_transaction(tx.begin()).await?;
        let unwanted = self.renamed(id, &renamed);
        probe.measure_in_transaction(U::active(id, &unwanted).update(&nested)).await?;
        probe
            .measure_in_transaction(U::delete_many().filter(U::ID.eq(added)).exec(&nested))
            .await?;
        probe.measure_in_transaction(nested.rollback()).await?;

        self.expect_in(&tx, id, &renamed).await?;
        probe.measure_in_transaction(tx.commit()).await?;
        self.acknowledge(&changes)
    }

    /// Does much the same, and thinks better of it.
    pub async fn roll_back(&mut self) -> Done {
        let (id, row) = self.any()?;
        let (added, fresh) = self.fresh();
        let renamed = self.renamed(id, &row);
        self.intend(&[(id, Some(renamed.clone())), (added, Some(fresh.clone()))])?;

        let probe = self.probe.clone();
        let tx = probe.measure_in_transaction(self.db.begin_with_options(writing())).await?;
        probe.measure_in_transaction(U::active(id, &renamed).update(&tx)).await?;
        let nested = probe.measure_in_transaction(tx.begin()).await?;
        probe.measure_in_transaction(U::active(added, &fresh).insert(&nested)).await?;
        probe.measure_in_transaction(nested.commit()).await?;
        self.expect_in(&tx, id, &renamed).await?;
        probe.measure_in_transaction(tx.rollback()).await?;
        self.acknowledge(&[(id, Some(row)), (added, None)])
    }

    /// Holds a transaction open across whatever a migration does meanwhile. Few
    /// of them read at once, and so lock the table all that time: if it were
    /// never free, no migration could ever alter it.
    pub async fn linger(&mut self) -> Done {
        self.settle().await?;
        let (id, row) = self.any()?;
        let probe = self.probe.clone();
        let tx = probe.measure_in_transaction(self.db.begin()).await?;
        if rand::random_ratio(1, 4) {
            self.expect_in(&tx, id, &row).await?;
        }
        sleep(LONG).await;
        self.expect_in(&tx, id, &row).await?;
        // On SQLite one writer keeps out all others, so there this one only reads.
        if tx.get_database_backend() == DbBackend::Sqlite {
            return probe.measure_in_transaction(tx.commit()).await;
        }
        let renamed = self.renamed(id, &row);
        let changes = [(id, Some(renamed.clone()))];
        self.intend(&changes)?;
        probe.measure_in_transaction(U::active(id, &renamed).update(&tx)).await?;
        self.expect_in(&tx, id, &renamed).await?;
        probe.measure_in_transaction(tx.commit()).await?;
        self.acknowledge(&changes)
    }

    /// Reads a row by its name, inside a transaction.
    async fn expect_in(&self, tx: &impl ConnectionTrait, id: i32, row: &Row) -> Result<(), DbErr> {
        let query = U::find().filter(U::NAME.eq(&row.name));
        let found = self.probe.measure_in_transaction(query.one(tx)).await?.map(U::row);
        self.expect("find in a transaction", &[(id, row.clone())], &Vec::from_iter(found));
        Ok(())
    }
}
