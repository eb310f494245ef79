-- The quarantine, oldest first.
-- $1 text, broker
--   -> connection, shipment_id, since, code, refusal, raw text; attempts int4
select connection, shipment_id, to_char(first_listed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       refusal_code as code, refusal, raw_sha256 as raw, attempts
from shipment
where broker = $1 and state = 'quarantined'
order by first_listed_at, connection, shipment_id
