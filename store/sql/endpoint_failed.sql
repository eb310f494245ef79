-- The endpoint failed as a whole: when it is tried again, or that it is not; gives the lease back.
-- $1 broker, $2 endpoint, $3 lease_owner, $4 sentence, $5 int8 milliseconds to wait, $6 bool disable
--   -> failures int4; no row: the lease was lost
update endpoint
set failures = failures + 1,
    last_error = $4,
    next_attempt_at = now() + $5::bigint * interval '1 millisecond',
    state = case when $6::boolean then 'disabled' else state end,
    lease_owner = null,
    lease_until = now()
where broker = $1 and endpoint = $2 and lease_owner = $3
returning failures;
