-- The quarantined shipments of a connection that somebody wants tried again, in the order in which they were asked for.
-- $1 text, broker   $2 text, connection
--   -> shipment_id text, raw text (null: nothing is kept), content_type text, answered_ms int8 (null: nothing is kept)
select shipment_id, raw_sha256 as raw, raw_content_type as content_type,
       (extract(epoch from answered_at) * 1000)::int8 as answered_ms
from shipment
where broker = $1 and connection = $2 and retry_asked_at is not null and state = 'quarantined'
order by retry_asked_at, shipment_id
limit 100
