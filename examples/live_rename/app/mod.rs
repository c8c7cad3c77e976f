//! The application: its `users`, as the code of each release knows them.

mod with_handle;
mod with_long_version;
mod with_nickname;
mod with_username;

use sea_orm::{EntityTrait, IntoActiveModel, Value};

use crate::journal::Row;

pub use with_handle::Entity as UsersWithHandle;
pub use with_long_version::Entity as UsersWithLongVersion;
pub use with_nickname::Entity as UsersWithNickname;
pub use with_username::Entity as UsersWithUsername;

/// What the workload asks of a release's entity: one line differs, or one column.
pub trait Users:
    EntityTrait<Model: IntoActiveModel<Self::ActiveModel> + Sync, ActiveModel: Send + Sync>
{
    const ID: Self::Column;
    const NAME: Self::Column;
    const EMAIL: Self::Column;
    const VERSION: Self::Column;
    /// The column that is dropped, in code that still has it.
    const NICKNAME: Option<Self::Column> = None;

    fn active(id: i32, row: &Row) -> Self::ActiveModel;
    fn row(user: Self::Model) -> (i32, Row);

    /// The value of the column `version`.
    fn version(version: i32) -> Value {
        version.into()
    }

    /// The part of a row that this entity has.
    fn seen(row: &Row) -> Row {
        let nickname = row.nickname.clone().filter(|_| Self::NICKNAME.is_some());
        Row { nickname, ..row.clone() }
    }
}
