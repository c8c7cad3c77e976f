//! The recipes, followed as they are written.

mod axum;
mod balancer;
mod load;
mod page;
