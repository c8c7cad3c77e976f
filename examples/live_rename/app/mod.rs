//! The application: its `users`, as the code of each release knows them.

mod entity_8_17;
mod entity_9;

use sea_orm::{EntityTrait, IntoActiveModel};

use crate::journal::Row;

pub use entity_8_17::Entity as Users8_17;
pub use entity_9::Entity as Users9;

/// What the workload asks of a release's entity: one line differs.
pub trait Users:
    EntityTrait<Model: IntoActiveModel<Self::ActiveModel> + Sync, ActiveModel: Send + Sync>
{
    const ID: Self::Column;
    const NAME: Self::Column;
    const EMAIL: Self::Column;
    const VERSION: Self::Column;

    fn active(id: i32, row: &Row) -> Self::ActiveModel;
    fn row(user: Self::Model) -> (i32, Row);
}
