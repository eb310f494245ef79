-- One document, held against other decisions until the end of the transaction. A statement of its own: what is read after it, the
-- contracts of the document among it, is as whoever held it before has left it.
-- $1 text, broker   $2 uuid, document   -> held int: a row if it is there
select 1 as held
from document
where broker = $1 and document_id = $2::uuid
for update
