-- Contracts as a person at the queue sees them, in the order of the given ids.
-- $1 text, broker   $2 text[], contract ids
--   -> contract_id text, issuer text, vu text, number text, printed_number text, line text, starts_on date, ends_on date,
--      cancelled bool, customer_id text, name text, first_name text, birth_date date, postcode text, plate text,
--      last_document_at text RFC 3339: when a document came to it last
select k.contract_id, k.issuer, k.vu, k.number, k.printed_number, k.line, k.starts_on, k.ends_on, k.cancelled,
       k.customer_id, k.name, k.first_name, k.birth_date, k.postcode, k.plate,
       (select to_char(max(d.received_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        from document d where d.broker = $1 and d.contract_id = k.contract_id) as last_document_at
from unnest($2::text[]) with ordinality as asked (contract_id, place)
join contract k on k.broker = $1 and k.contract_id = asked.contract_id
order by asked.place
