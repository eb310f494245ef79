-- One connection.
-- $1 text, broker   $2 text, name   -> the columns of struct connection (ingest/connection.h), times as RFC 3339
select broker, connection, issuer, sts_url, transfer_url, username, secret_file, ca_file, consumer_id, poll_interval_s,
	login, key_file, certificate_file, ca_crl_file, signature, trust_file, crl_file, signer, acknowledge, acknowledge_after_h,
	state = 'paused' as paused, pause_reason, failures, last_error,
	to_char(due_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as due_at,
	to_char(last_attempt_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_attempt_at,
	to_char(last_success_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_success_at,
	(select count(*) from shipment s
	 where s.broker = connection.broker and s.connection = connection.connection
	   and s.state in ('listed', 'quarantined') and s.closed_at is null and s.expires_at <= now() + interval '7 days') as expiring
from connection
where broker = $1 and connection = $2
