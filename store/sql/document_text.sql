-- What stands inside a document; no row: nobody looked into it.
-- $1 text, broker   $2 uuid, document   -> state text, page_count int4 or null, pages text, JSON
select state, page_count, pages::text as pages
from document_text
where broker = $1 and document_id = $2::uuid
