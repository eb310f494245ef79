-- The documents whose ids lie between two ids; two rows are enough to see that a short id is not unique.
-- $1 text, broker   $2 uuid, lowest   $3 uuid, highest
--   -> the columns that matcher/stored.c reads
select d.document_id, d.connection, c.issuer as connection_issuer, d.shipment_id, d.transfer_no, d.file_no,
       d.name, d.declared_type, d.media_type, d.size, d.sha256, d.issuer, d.vu, d.business_case, d.line,
       d.numbers, d.facts, d.state, d.contract_id, d.customer_id, d.tier, d.reason, d.evidence, d.candidates,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received_at,
       to_char(d.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as decided_at, d.decided_by, d.version
from document d
join connection c on c.broker = d.broker and c.connection = d.connection
where d.broker = $1 and d.document_id between $2::uuid and $3::uuid
order by d.document_id
limit 2
