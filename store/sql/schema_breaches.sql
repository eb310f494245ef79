-- How the answers of a connection differ from the schemas, the most frequent first.
-- $1 text, broker   $2 text, connection
--   -> element, rule, detail text, answers, times int8, line int8, shipment text (null: a list), first_seen, last_seen text (RFC 3339)
select element, rule, detail, answers, times, line, shipment_id as shipment,
       to_char(first_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as first_seen,
       to_char(last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_seen
from schema_breach
where broker = $1 and connection = $2
order by answers desc, times desc, element, rule, detail
