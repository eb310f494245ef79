-- Remove an endpoint with its lanes, dead letters and replays; who works on it has lost the lease then.
-- $1 broker, $2 endpoint, $3 bool do it; else only what would go
--   -> position int8, head int8, lanes int8 that stand aside, dead int8 not settled, replays int8 under way,
--      secret_file or null; no row: there is none
with gone as (
	delete from endpoint where broker = $1 and endpoint = $2 and $3::boolean
)
select p.position, coalesce((select position from sequence_head where broker = $1), 0) as head,
       (select count(*) from lane_block where broker = $1 and endpoint = $2) as lanes,
       (select count(*) from dead_letter
	where broker = $1 and endpoint = $2 and state in ('parked', 'sending')) as dead,
       (select count(*) from replay_job
	where broker = $1 and endpoint = $2 and done_at is null and cancelled_at is null) as replays,
       p.secret_file
from endpoint p
where p.broker = $1 and p.endpoint = $2;
