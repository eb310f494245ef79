-- All connections of a broker, by name.
-- $1 text, broker   -> the columns of struct connection (ingest/connection.h), times as RFC 3339
select broker, connection, issuer, sts_url, transfer_url, username, secret_file, ca_file, consumer_id, poll_interval_s,
	state = 'paused' as paused, pause_reason, failures, last_error,
	to_char(due_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as due_at,
	to_char(last_attempt_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_attempt_at,
	to_char(last_success_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_success_at
from connection
where broker = $1
order by connection
