-- The documents whose ids lie between two ids; two rows are enough to see that a short id is not unique.
-- $1 text, broker   $2 uuid, lowest   $3 uuid, highest   -> document_read
select *
from document_read
where broker = $1 and document_id between $2::uuid and $3::uuid
order by document_id
limit 2
