-- What the letter of a document goes by; no row if the id is none of a document.
-- $1 text, broker   $2 text, document
--   -> document_id text, issuer, business_case, category, kind, document_date, posted, received, postcode text
select document_id::text as document_id, issuer, business_case, category, kind, document_date, posted, received,
       postcode
from letter_subject
where broker = $1
  and document_id = case when $2::text ~ '^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$' then $2::uuid end
