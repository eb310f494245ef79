-- Move the cursor back to $3, never forward. Takes the lease away, so that a delivery under way cannot
-- move it forward again.
-- $1 broker, $2 endpoint, $3 int8 position    -> position int8; no row: there is none, or it stands before $3
update endpoint
set position = $3::bigint, lease_owner = null, failures = 0, next_attempt_at = now()
where broker = $1 and endpoint = $2 and position >= $3::bigint
returning position;
