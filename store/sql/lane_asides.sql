-- The lanes of an endpoint that stand aside, who is due first coming first.
-- $1 broker, $2 endpoint
--   -> lane, position int8, failures int4, wait_ms int8, age_ms int8, last_error, gap_id uuid,
--      replay_to int8, resume int8 (null: in no replay), counted_at int8 or -1
select lane, position, failures,
       greatest(0, extract(epoch from next_attempt_at - now()) * 1000)::bigint as wait_ms,
       greatest(0, extract(epoch from now() - since) * 1000)::bigint as age_ms,
       last_error, gap_id, replay_to, resume, coalesce(counted_at, -1) as counted_at
from lane_block
where broker = $1 and endpoint = $2
order by next_attempt_at;
