//! `users` with `nickname`, which is to be dropped (8.17.0).

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
    /// NOT NULL in the table; but code of 9.0.0 leaves it out, and that runs beside this one.
    pub nickname: Option<String>,
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
    const NICKNAME: Option<Column> = Some(Column::Nickname);

    fn active(id: i32, row: &Row) -> ActiveModel {
        ActiveModel {
            id: Set(id),
            username: Set(row.name.clone()),
            nickname: Set(row.nickname.clone()),
            email: Set(row.email.clone()),
            version: Set(row.version),
        }
    }

    fn row(user: Model) -> (i32, Row) {
        let Model { id, username: name, nickname, email, version } = user;
        (id, Row { name, email, version, nickname })
    }
}
