-- The first event of a lane is parked: it goes to dead_letter, the lane goes on behind it with a gap notice.
-- $1 broker, $2 endpoint, $3 lease_owner, $4 lane, $5 int8 position of the event, $6 uuid of the notice
--   -> position int8 where the lane goes on; no row: the lease was lost, nothing was parked
with mine as (
	select l.*
	from endpoint p
	join lane_block l on l.broker = p.broker and l.endpoint = p.endpoint and l.lane = $4
	where p.broker = $1 and p.endpoint = $2 and p.lease_owner = $3
	for update of p, l
), dead as (
	insert into dead_letter (broker, endpoint, event_id, position, lane, type, failures, since, last_error, gap_id,
				 aggregatetype, payload, occurred_at, customersequence, correlationid, causationid,
				 recordedtime)
	select $1, $2, v.id, v.position, $4, v.type, mine.failures, mine.since, mine.last_error, $6::uuid,
	       v.aggregatetype, v.payload, v.occurred_at, v.customersequence, v.correlationid, v.causationid,
	       v.recordedtime
	from mine
	join event v on v.broker = $1 and v.position = $5::bigint
	on conflict (broker, endpoint, event_id) do update
	set state = 'parked', settled_at = null, parked_at = clock_timestamp(), failures = excluded.failures,
	    since = excluded.since, last_error = excluded.last_error, gap_id = excluded.gap_id
)
update lane_block l
set position = $5::bigint + 1, failures = 0, next_attempt_at = now(), gap_id = $6::uuid
from mine
where l.broker = $1 and l.endpoint = $2 and l.lane = $4
returning l.position;
