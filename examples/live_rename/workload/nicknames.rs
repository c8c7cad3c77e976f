//! Use of the column that is to be dropped, by code that has it.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{Done, Worker, name, nickname};
use crate::app::Users;
use crate::journal::Row;

impl<U: Users> Worker<U> {
    /// Finds a row by its nickname, if it has one, and gives it another. Code without the column reads by
    /// the name instead.
    pub async fn give_nickname(&mut self) -> Done {
        let Some(column) = U::NICKNAME else { return self.find().await };
        let (id, row) = self.any()?;
        if let Some(known) = &row.nickname {
            let query = U::find().filter(column.eq(known));
            let found = self.probe.measure(query.one(&self.db)).await?.map(U::row);
            self.expect("find by nickname", &[(id, row.clone())], &Vec::from_iter(found));
        }
        let version = row.version + 1;
        let nickname = nickname(&name(&self.prefix, id, version));
        let given = Row { nickname: Some(nickname.clone()), version, ..row };
        let db = self.db.clone();
        let update = U::update_many()
            .col_expr(column, Expr::value(nickname))
            .col_expr(U::VERSION, Expr::col(U::VERSION).add(1))
            .filter(U::ID.eq(id));
        let answer = self.write(&[(id, Some(given))], update.exec(&db)).await?;
        self.expect_affected("update of the nickname", answer.rows_affected, 1);
        Ok(())
    }
}
