-- The documents of one shipment.
-- $1 text, broker   $2 text, connection   $3 text, shipment
--   -> document, transfer, file, name, media_type, size, state, tier, reason, contract text
select document_id as document, transfer_no as transfer, file_no as file, name, media_type, size, state, tier,
       reason, contract_id as contract
from document
where broker = $1 and connection = $2 and shipment_id = $3
order by transfer_no, file_no
