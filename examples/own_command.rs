//! An app's own `handover`: the same command, with migrations that are Rust functions.
//!
//! ```sh
//! cargo run --example own_command -- db plan
//! ```
//!
//! `fill_slugs` does what SQL cannot do alike on every database: it makes `posts.slug` of the title.

use std::process::ExitCode;

use handover::migrator::{Function, FunctionResult, Functions, FunctionsError};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, ExprTrait as _};

fn main() -> Result<ExitCode, FunctionsError> {
    let slugs = Function::new("1.1.0", 20_261_121_120_000, "fill_slugs", fill_slugs)?;
    let functions = Functions::default().register(slugs.post().undo(clear_slugs))?;
    Ok(handover::cli::main_with(functions))
}

/// It runs in one transaction with the note that it ran: a run that dies halfway has done nothing.
fn fill_slugs(db: &DatabaseTransaction) -> FunctionResult<'_> {
    Box::pin(async move {
        let posts = Query::select().columns(["id", "title"]).from("posts").to_owned();
        for post in db.query_all(&posts).await? {
            let (id, title): (i32, String) = (post.try_get("", "id")?, post.try_get("", "title")?);
            let slug = slug(&title).ok_or_else(|| format!("post {id} has no title"))?;
            let update = Query::update()
                .table("posts")
                .value("slug", slug)
                .and_where(Expr::col("id").eq(id))
                .to_owned();
            db.execute(&update).await?;
        }
        Ok(())
    })
}

fn clear_slugs(db: &DatabaseTransaction) -> FunctionResult<'_> {
    Box::pin(async move {
        db.execute_unprepared("UPDATE posts SET slug = NULL").await?;
        Ok(())
    })
}

/// `Hello, World!` as `hello-world`; nothing where there is no letter.
fn slug(title: &str) -> Option<String> {
    let words = title.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    (!words.is_empty()).then(|| words.join("-"))
}
