//! The recipes, followed as they are written.

mod axum;
mod balancer;
mod follow;
mod load;
mod loco;
mod page;
