//! `loco_app task name_report`: a task has the context of the command, which has not run `before_run`.

use loco_rs::app::AppContext;
use loco_rs::prelude::*;
use loco_rs::task::{Task, TaskInfo, Vars};

use crate::{fleet, member};

pub struct NameReport;

#[async_trait::async_trait]
impl Task for NameReport {
    fn task(&self) -> TaskInfo {
        TaskInfo { name: "name_report".to_owned(), detail: "Prints the names".to_owned() }
    }

    async fn run(&self, context: &AppContext, _vars: &Vars) -> Result<()> {
        let db = fleet::join(context).await?;
        for member in member::Entity::find().order_by_asc(member::Column::Id).all(&db).await? {
            println!("{}: {}", member.id, member.username);
        }
        fleet::leave(context).await;
        Ok(())
    }
}
