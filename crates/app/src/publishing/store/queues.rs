//! What is yet to go out on each channel.

use bellwether_base::WorkspaceId;
use bellwether_db::Tx;

use super::super::Queue;
use crate::Result;

/// What came due and waits for a person is held, what did not is waiting still.
/// Of a thread only the next part is, or all are held: it counts once. Crossed,
/// so that SQLite begins with what waits: most of what there is is out.
pub const QUEUES: &str = "select w.channel_id, count(*) as deliveries, \
    min(d.planned_at) as first_at from ( \
      select a.channel_id, a.delivery_id from channels c cross join acts a \
      where c.workspace_id = $1 and a.workspace_id = $1 and a.channel_id = c.id \
        and a.held_reason is not null and a.kind = 'publish' \
      union \
      select a.channel_id, a.delivery_id from channels c cross join acts a \
      where c.workspace_id = $1 and a.workspace_id = $1 and a.channel_id = c.id \
        and a.next_at is not null and a.kind = 'publish' and a.state = 'waiting') w \
    cross join deliveries d \
    where d.workspace_id = $1 and d.id = w.delivery_id \
    group by w.channel_id";

pub async fn queues(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Queue>> {
    Ok(tx.sql(QUEUES).bind(workspace).all().await?)
}
