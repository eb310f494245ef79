-- One shipment, whatever its state.
-- $1 text, broker   $2 text, connection   $3 text, shipment
--   -> state, category, posted, available_until, attempts, refusal, code, raw, content_type, issuer,
--      first_listed, last_listed, stored, acknowledged text (times as RFC 3339)
select s.state, s.category, s.posted, s.available_until, s.attempts, s.refusal, s.refusal_code as code,
       s.raw_sha256 as raw, s.raw_content_type as content_type, c.issuer,
       to_char(s.first_listed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as first_listed,
       to_char(s.last_listed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_listed,
       to_char(s.stored_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as stored,
       to_char(s.acknowledged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acknowledged
from shipment s
join connection c using (broker, connection)
where s.broker = $1 and s.connection = $2 and s.shipment_id = $3
