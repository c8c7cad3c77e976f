//! `users` with `username` alone: before a rename (8.17.0), and after the drop of `nickname` (from 9.0.0).

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::Users;
use crate::journal::Row;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    #[sea_orm(unique)]
    pub username: String,
    pub email: Option<String>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Users for Entity {
    const ID: Column = Column::Id;
    const NAME: Column = Column::Username;
    const EMAIL: Column = Column::Email;
    const VERSION: Column = Column::Version;

    fn active(id: i32, row: &Row) -> ActiveModel {
        ActiveModel {
            id: Set(id),
            username: Set(row.name.clone()),
            email: Set(row.email.clone()),
            version: Set(row.version),
        }
    }

    fn row(user: Model) -> (i32, Row) {
        (
            user.id,
            Row { name: user.username, email: user.email, version: user.version, nickname: None },
        )
    }
}
