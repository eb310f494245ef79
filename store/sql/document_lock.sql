-- One document, held against other decisions until the end of the transaction.
-- $1 text, broker   $2 uuid, document   -> document_read
select *
from document_read
where broker = $1 and document_id = $2::uuid
for update
