//! Ways to write, one statement each.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};

use super::{Done, FEW, Worker};
use crate::app::Users;
use crate::journal::Row;

impl<U: Users> Worker<U> {
    pub async fn insert(&mut self) -> Done {
        let (id, row) = self.fresh();
        let db = self.db.clone();
        let user = U::active(id, &row);
        self.write(&[(id, Some(row))], user.insert(&db)).await?;
        Ok(())
    }

    pub async fn insert_many(&mut self) -> Done {
        if self.known().count() > FEW {
            return Ok(());
        }
        let rows = [self.fresh(), self.fresh(), self.fresh()];
        let db = self.db.clone();
        let users = U::insert_many(rows.iter().map(|(id, row)| U::active(*id, row)));
        let changes = rows.map(|(id, row)| (id, Some(row)));
        self.write(&changes, users.exec(&db)).await?;
        Ok(())
    }

    /// Reads a row, changes its name, saves it: what most applications do.
    pub async fn rename(&mut self) -> Done {
        let (id, row) = self.any()?;
        let query = U::find().filter(U::NAME.eq(&row.name));
        let Some(user) = self.probe.measure(query.one(&self.db)).await? else {
            self.probe.stale(&format!("nobody is called {}", row.name));
            return Ok(());
        };
        let renamed = self.renamed(id, &row);
        let db = self.db.clone();
        let mut active = user.into_active_model();
        active.set(U::NAME, renamed.name.clone().into());
        active.set(U::VERSION, U::version(renamed.version));
        self.write(&[(id, Some(renamed))], active.save(&db)).await?;
        Ok(())
    }

    /// Computes the name in the database, from the name, finding it by the name.
    pub async fn touch(&mut self) -> Done {
        let (id, row) = self.any()?;
        let touched =
            Row { name: format!("{}+", row.name), version: row.version + 1, ..row.clone() };
        let db = self.db.clone();
        let update = U::update_many()
            .col_expr(U::NAME, Expr::col(U::NAME).binary(BinOper::Custom("||"), "+"))
            .col_expr(U::VERSION, Expr::col(U::VERSION).add(1))
            .filter(U::NAME.eq(&row.name));
        let answer = self.write(&[(id, Some(touched))], update.exec(&db)).await?;
        self.expect_affected("update by name", answer.rows_affected, 1);
        Ok(())
    }

    /// Inserts under a name that is taken: its row is updated in place.
    pub async fn upsert(&mut self) -> Done {
        let (id, row) = self.any()?;
        let (other_id, other) = self.fresh();
        let email = Some(format!("{other_id}@example.org"));
        let version = row.version + 1;
        let offered = Row { name: row.name, email, nickname: row.nickname, ..other };
        let offered = Row { version, ..offered };
        let db = self.db.clone();
        let on_name = OnConflict::column(U::NAME).update_columns([U::EMAIL, U::VERSION]).to_owned();
        let insert = U::insert(U::active(other_id, &offered)).on_conflict(on_name);
        self.write(&[(id, Some(offered))], insert.exec_without_returning(&db)).await?;
        Ok(())
    }

    /// Deletes a row, and gives its name to another at once.
    pub async fn take_over_a_name(&mut self) -> Done {
        let (id, row) = self.any()?;
        let (heir, _) = self.fresh();
        let db = self.db.clone();
        let delete = U::delete_many().filter(U::NAME.eq(&row.name));
        let answer = self.write(&[(id, None)], delete.exec(&db)).await?;
        self.expect_affected("delete by name", answer.rows_affected, 1);
        let user = U::active(heir, &row);
        self.write(&[(heir, Some(U::seen(&row)))], user.insert(&db)).await?;
        Ok(())
    }

    /// Keeps the number of rows in bounds.
    pub async fn delete(&mut self) -> Done {
        let excess: Vec<i32> = self.known().map(|(id, _)| id).skip(FEW).take(5).collect();
        if excess.is_empty() {
            return Ok(());
        }
        let db = self.db.clone();
        let changes: Vec<_> = excess.iter().map(|id| (*id, None)).collect();
        let delete = U::delete_many().filter(U::ID.is_in(excess));
        let answer = self.write(&changes, delete.exec(&db)).await?;
        self.expect_affected("delete", answer.rows_affected, changes.len() as u64);
        Ok(())
    }

    pub(super) fn expect_affected(&self, what: &str, rows: u64, expected: u64) {
        if rows != expected {
            self.probe.stale(&format!("{what} met {rows} rows, not {expected}"));
        }
    }
}
