-- What waits and says some words or has them inside, in no order.
-- $1 text, broker   $2 text[], patterns of LIKE   $3 tsquery or null (both: search_terms.sql)
-- filters, null: any: $4 text, reason   $5 text, issuer   $6 text, class   $7 text, line   $8 int8, how many at most
--   -> document_id uuid
select document_id
from queue_find($1, $2::text[], $3::tsquery, $4, $5, $6, $7, $8::int8) as found (document_id)
