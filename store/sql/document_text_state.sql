-- How looking into a document ended, without the words; no row: nobody looked into it.
-- $1 text, broker   $2 uuid, document   -> state text, page_count int4 or null
select state, page_count
from document_text
where broker = $1 and document_id = $2::uuid
