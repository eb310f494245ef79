-- The documents of one shipment.
-- $1 text, broker   $2 text, connection   $3 text, shipment
--   -> document, transfer, file, name, declared_type, media_type, size, state, tier, reason, contract text (several: parted by blanks),
--      customer, decided (RFC 3339), decided_by (null: the matcher)
select d.document_id as document, d.transfer_no as transfer, d.file_no as file, d.name, d.declared_type, d.media_type, d.size, d.state,
       d.tier, d.reason,
       d.contract_id || coalesce((select string_agg(' ' || m.contract_id, '' order by m.no)
				  from document_contract m
				  where m.broker = d.broker and m.document_id = d.document_id), '') as contract,
       d.customer_id as customer, utc_text(coalesce(d.decided_at, d.received_at)) as decided, d.decided_by
from document d
where d.broker = $1 and d.connection = $2 and d.shipment_id = $3
order by d.transfer_no, d.file_no
