//! What is held: counting it, and taking it back when its reason has gone.

use bellwether_db::Tx;

use super::acts::COLUMNS;
use super::{Act, SCOPE_FILTER, ScopeFilter};
use crate::Result;
use crate::publishing::HeldReason;

/// The columns of an act in a query that calls `acts` "a".
fn of_acts() -> String {
    COLUMNS.split(", ").map(|c| format!("a.{}", c.trim())).collect::<Vec<_>>().join(", ")
}

/// Takes back what waited for a login on channels that have one again.
pub async fn acts_with_login_again(tx: &mut Tx, limit: i64) -> Result<Vec<Act>> {
    Ok(tx
        .sql_owned(format!(
            "select {} from acts a join channels c \
             on c.workspace_id = a.workspace_id and c.id = a.channel_id \
             where a.held_reason = 'login' and c.state = 'connected' \
             order by a.workspace_id, a.due_at, a.position limit $1",
            of_acts()
        ))
        .bind(limit)
        .all()
        .await?)
}

/// How many deliveries are held for `reason` in a scope.
pub async fn count_held(tx: &mut Tx, reason: HeldReason, scope: &ScopeFilter) -> Result<i64> {
    let count: (i64,) = tx
        .sql_owned(format!(
            "select count(distinct a.delivery_id) from acts a join channels c \
             on c.workspace_id = a.workspace_id and c.id = a.channel_id \
             where a.held_reason = $1 and {SCOPE_FILTER}"
        ))
        .bind(reason.as_str())
        .bind(scope.workspace)
        .bind(scope.channel)
        .bind(scope.network.clone())
        .one()
        .await?;
    Ok(count.0)
}

/// Acts held for `reason` in a scope.
pub async fn held_acts(
    tx: &mut Tx,
    reason: HeldReason,
    scope: &ScopeFilter,
    limit: i64,
) -> Result<Vec<Act>> {
    Ok(tx
        .sql_owned(format!(
            "select {} from acts a join channels c \
             on c.workspace_id = a.workspace_id and c.id = a.channel_id \
             where a.held_reason = $1 and {} \
             order by a.workspace_id, a.due_at, a.position limit $5",
            of_acts(),
            SCOPE_FILTER
        ))
        .bind(reason.as_str())
        .bind(scope.workspace)
        .bind(scope.channel)
        .bind(scope.network.clone())
        .bind(limit)
        .all()
        .await?)
}
