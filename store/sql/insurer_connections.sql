-- The connections with how they do.
-- $1 text, broker   $2 text, connection or null: all   -> issuer text, item json
select c.issuer, json_build_object(
	'connection', c.connection, 'state', c.state, 'pause_reason', c.pause_reason,
	'last_attempt_at', utc_text(c.last_attempt_at), 'last_success_at', utc_text(c.last_success_at),
	'next_due_at', case when c.state = 'active' then utc_text(c.due_at) end,
	'working', coalesce(c.lease_until > now(), false), 'failures', c.failures, 'error', c.last_error,
	'credential_expires_at', utc_text(c.credential_expires_at),
	'quarantined', coalesce(s.quarantined, 0), 'waiting_acknowledgement', coalesce(s.stored, 0)) as item
from connection c
left join lateral (
	select count(*) filter (where state = 'quarantined' and closed_at is null) as quarantined, count(*) filter (where state = 'stored') as stored
	from shipment x
	where x.broker = c.broker and x.connection = c.connection and x.state in ('listed', 'stored', 'quarantined')) s on true
where c.broker = $1 and ($2::text is null or c.connection = $2)
order by c.issuer, c.connection
