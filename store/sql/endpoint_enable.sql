-- Try again, now: also an endpoint that was disabled, and every lane that waits. The cursor stays. Takes the lease
-- away, so that whoever works on the endpoint looks at it afresh.
-- $1 broker, $2 endpoint
--   -> position int8, oldest int8 position that is kept, lost int8 positions between, lanes_lost int8 whose refused event is
--      not kept; no row: there is none
with due as (
	update lane_block set next_attempt_at = now(), counted_at = null where broker = $1 and endpoint = $2
), kept as (
	select coalesce((select min(position) from event where broker = $1),
			(select position + 1 from sequence_head where broker = $1), 1) as oldest
)
update endpoint
set state = 'active', failures = 0, lanes_failed = 0, concurrency = 8, next_attempt_at = now(), lease_owner = null,
    last_error = null
from kept
where broker = $1 and endpoint = $2
returning position, oldest, greatest(0, oldest - 1 - position) as lost,
	  (select count(*) from lane_block l
	   where l.broker = $1 and l.endpoint = $2 and l.failures > 0 and l.position < oldest) as lanes_lost;
