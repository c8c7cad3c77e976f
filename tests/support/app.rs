//! Two releases of one application: their entities differ in the name of one column only.

/// Defines `users` and `posts` as code of one release has them, with `name` the renamed column.
macro_rules! entities {
    ($release:ident, $column:ident, $variant:ident) => {
        pub mod $release {
            pub mod users {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
                #[sea_orm(table_name = "users")]
                pub struct Model {
                    #[sea_orm(primary_key)]
                    pub id: i32,
                    #[sea_orm(unique)]
                    pub $column: String,
                    pub email: Option<String>,
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {
                    #[sea_orm(has_many = "super::posts::Entity")]
                    Posts,
                }

                impl Related<super::posts::Entity> for Entity {
                    fn to() -> RelationDef {
                        Relation::Posts.def()
                    }
                }

                impl ActiveModelBehavior for ActiveModel {}

                /// The renamed column, whatever this release calls it.
                pub const NAME: Column = Column::$variant;

                impl Model {
                    pub fn name(&self) -> &str {
                        &self.$column
                    }
                }

                impl Partial {
                    pub fn name(&self) -> &str {
                        &self.$column
                    }
                }

                /// A row to be inserted, or updated if it has an id.
                pub fn row(id: Option<i32>, name: &str, email: Option<&str>) -> ActiveModel {
                    use sea_orm::ActiveValue::{NotSet, Set};
                    ActiveModel {
                        id: id.map_or(NotSet, Set),
                        $column: Set(name.to_owned()),
                        email: email.map_or(NotSet, |email| Set(Some(email.to_owned()))),
                    }
                }

                #[derive(Debug, PartialEq, Eq, DerivePartialModel)]
                #[sea_orm(entity = "Entity")]
                pub struct Partial {
                    pub $column: String,
                }
            }

            pub mod posts {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
                #[sea_orm(table_name = "posts")]
                pub struct Model {
                    #[sea_orm(primary_key)]
                    pub id: i32,
                    pub user_id: i32,
                    pub title: String,
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {
                    #[sea_orm(
                        belongs_to = "super::users::Entity",
                        from = "Column::UserId",
                        to = "super::users::Column::Id"
                    )]
                    Users,
                }

                impl Related<super::users::Entity> for Entity {
                    fn to() -> RelationDef {
                        Relation::Users.def()
                    }
                }

                impl ActiveModelBehavior for ActiveModel {}
            }
        }
    };
}

entities!(before, username, Username);
entities!(after, handle, Handle);

/// The application's tables, before the rename.
pub const TABLES: &str = "
    CREATE TABLE posts (id integer PRIMARY KEY, user_id integer NOT NULL, title text NOT NULL)";

/// These, where sea-orm asks what the last id was: MariaDB knows it only of a column that fills
/// itself.
pub fn tables(db: super::project::Db) -> String {
    match db {
        super::project::Db::Mariadb => {
            TABLES.replace("id integer PRIMARY KEY", "id integer AUTO_INCREMENT PRIMARY KEY")
        }
        _ => TABLES.to_owned(),
    }
}

/// `users`, of which each database has its own idea of an id that fills itself.
pub fn users(db: super::project::Db) -> &'static str {
    match db {
        super::project::Db::Sqlite => {
            "CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT,
                                 username text NOT NULL UNIQUE, email text)"
        }
        super::project::Db::Postgres => {
            "CREATE TABLE users (id serial PRIMARY KEY, username text NOT NULL UNIQUE, email text)"
        }
        super::project::Db::Mariadb => {
            "CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY,
                                 username varchar(200) COLLATE utf8mb4_bin NOT NULL UNIQUE,
                                 email text)"
        }
    }
}
