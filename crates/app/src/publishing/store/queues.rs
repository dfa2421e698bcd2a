//! What waits for channels that lost their login.

use bellwether_base::WorkspaceId;
use bellwether_db::Tx;

use super::super::Queue;
use crate::Result;

/// What came due is held for the login, what did not is waiting still. Of a
/// thread only the next part is, or all are held: it counts once.
pub const QUEUES: &str = "select w.channel_id, count(*) as deliveries, \
    min(d.planned_at) as first_at from ( \
      select a.channel_id, a.delivery_id from acts a \
      where a.workspace_id = $1 and a.held_reason = 'login' and a.kind = 'publish' \
        and a.channel_id in (select c.id from channels c \
          where c.workspace_id = $1 and c.state = 'needs_login') \
      union \
      select a.channel_id, a.delivery_id from acts a \
      where a.workspace_id = $1 and a.next_at is not null and a.kind = 'publish' \
        and a.state = 'waiting' \
        and a.channel_id in (select c.id from channels c \
          where c.workspace_id = $1 and c.state = 'needs_login')) w \
    join deliveries d on d.workspace_id = $1 and d.id = w.delivery_id \
    group by w.channel_id";

pub async fn queues(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Queue>> {
    Ok(tx.sql(QUEUES).bind(workspace).all().await?)
}
