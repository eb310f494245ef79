-- Drop a week of the outbox that nobody needs.
-- $1 text, partition    -> holder text: who needs it, null: it is gone
select event_partition_drop($1) as holder;
