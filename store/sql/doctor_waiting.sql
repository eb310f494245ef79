-- What waits, and since when: the quarantine, shipments that are here but not acknowledged, the queue.
-- $1 text, broker
--   -> what text (quarantine | unacknowledged | queue), items int8, oldest text (RFC 3339; null: none); three rows
select 'quarantine' as what, count(*) as items,
       to_char(min(first_listed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as oldest
from shipment
where broker = $1 and state = 'quarantined'
union all
select 'unacknowledged', count(*), to_char(min(stored_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from shipment
where broker = $1 and state = 'stored'
union all
select 'queue', count(*), to_char(min(received_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from document
where broker = $1 and state = 'queued'
