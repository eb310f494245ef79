-- What has come over one connection, by what the insurer called it.
-- $1 text, broker   $2 text, connection
--   -> business_case, category, kind text or null; documents int, last (RFC 3339)
select business_case, facts #>> '{shipment,category}' as category, facts #>> '{shipment,kind}' as kind,
       count(*)::int as documents, to_char(max(received_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last
from document
where broker = $1 and connection = $2
group by 1, 2, 3
