-- Ask for a replay. What ended replays of the endpoint noted of lanes goes.
-- $1 broker, $2 endpoint, $3 int8 from, $4 int8 to, $5 text[] types, $6 customer or null, $7 by whom
--   -> replay_id int8; fails ERR_CONFLICT: one is open
with old as (
	delete from replay_lane l
	using replay_job j
	where j.replay_id = l.replay_id and j.broker = $1 and j.endpoint = $2
	  and (j.done_at is not null or j.cancelled_at is not null)
)
insert into replay_job (broker, endpoint, from_position, to_position, types, customer, position, requested_by)
values ($1, $2, $3::bigint, $4::bigint, $5::text[], $6, $3::bigint - 1, $7)
returning replay_id;
