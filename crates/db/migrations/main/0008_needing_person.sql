-- What waits for somebody is few among many: read whole, newest first, and counted on each page.
create index deliveries_needing_person on deliveries (workspace_id, planned_at desc, id desc)
  where state in ('partly_live', 'refused', 'unknown', 'held', 'missed', 'waiting_for_person');
