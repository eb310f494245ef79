-- Documents that wait for a person, in the order of the ids given; what does not wait any more is left out.
-- $1 text, broker   $2 uuid[], documents
--   -> document_id uuid, received text, connection text, issuer text, reason text,
--      business_case text, category text, kind text, line text, name text, candidates int8
select document_id, to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received, connection, issuer, reason, business_case,
       facts #>> '{shipment,category}' as category, facts #>> '{shipment,kind}' as kind, line, name,
       jsonb_array_length(candidates)::int8 as candidates
from unnest($2::uuid[]) with ordinality as asked (document_id, place)
join document using (document_id)
where broker = $1 and state = 'queued'
order by place
