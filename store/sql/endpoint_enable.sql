-- Try again, now: also an endpoint that was disabled, and every lane that waits. The cursor stays. Takes the lease
-- away, so that whoever works on the endpoint looks at it afresh.
-- $1 broker, $2 endpoint    -> position int8; no row: there is none
with due as (
	update lane_block set next_attempt_at = now(), counted_at = null where broker = $1 and endpoint = $2
)
update endpoint
set state = 'active', failures = 0, lanes_failed = 0, concurrency = 8, next_attempt_at = now(), lease_owner = null
where broker = $1 and endpoint = $2
returning position;
