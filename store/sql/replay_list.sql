-- Replays, the newest first.
-- $1 broker, $2 endpoint or null: all
--   -> replay_id int8, endpoint, state text, from_position int8, to_position int8, position int8, lanes int8 that it is in
--      now, types text, customer, requested_by, requested_at text, ended_at text
select j.replay_id, j.endpoint,
       case when j.cancelled_at is not null then 'cancelled' when j.done_at is not null then 'done' else 'open' end as state,
       j.from_position, j.to_position, j.position,
       case when j.done_at is null and j.cancelled_at is null then
	    (select count(*) from lane_block l
	     where l.broker = j.broker and l.endpoint = j.endpoint and l.replay_to is not null) end as lanes,
       array_to_string(j.types, ',') as types, j.customer, j.requested_by,
       to_char(j.requested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as requested_at,
       to_char(coalesce(j.cancelled_at, j.done_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ended_at
from replay_job j
where j.broker = $1 and ($2::text is null or j.endpoint = $2)
order by j.replay_id desc;
