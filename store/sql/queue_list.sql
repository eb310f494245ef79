-- The documents that wait for a person, oldest first.
-- $1 text, broker   $2 text, reason; null: any   $3 text, issuer; null: any   $4 int8, how many at most
--   -> document_id uuid, received text, connection text, issuer text, reason text,
--      business_case text, category text, kind text, line text, name text, candidates int8
select document_id, to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received, connection, issuer, reason, business_case,
       facts #>> '{shipment,category}' as category, facts #>> '{shipment,kind}' as kind, line, name,
       jsonb_array_length(candidates)::int8 as candidates
from document
where broker = $1 and state = 'queued' and ($2::text is null or reason = $2)
  and ($3::text is null or issuer = $3)
order by received_at, document_id
limit $4::int8
