-- Different lanes that fail in a row, not failures: a lane counts once until something is accepted. counted_at is
-- endpoint.delivered when it was counted; null: not yet.
alter table lane_block add column counted_at bigint;
