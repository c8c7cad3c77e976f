//! The table `members`.

use loco_rs::model::{Authenticable, ModelError, ModelResult};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::fleet::shim;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(unique)]
    pub username: String,
    pub email: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[async_trait::async_trait]
impl Authenticable for Model {
    async fn find_by_api_key(db: &DatabaseConnection, key: &str) -> ModelResult<Self> {
        let member = Entity::find().filter(Column::Username.eq(key)).one(&shim(db)?).await?;
        member.ok_or(ModelError::EntityNotFound)
    }

    async fn find_by_claims_key(db: &DatabaseConnection, key: &str) -> ModelResult<Self> {
        Self::find_by_api_key(db, key).await
    }
}
