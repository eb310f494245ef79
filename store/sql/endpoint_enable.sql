-- Try again, now: also an endpoint that was disabled. The cursor stays.
-- $1 broker, $2 endpoint    -> position int8; no row: there is none
update endpoint
set state = 'active', failures = 0, next_attempt_at = now()
where broker = $1 and endpoint = $2
returning position;
