-- Every document that waits for a person, oldest first, with no more than what its letter goes by.
-- $1 text, broker   $2 text, reason; null: any   $3 text, issuer; null: any   $4 int8, how many at most; null: all
--   -> document_id uuid, issuer, business_case, category, kind, document_date, posted, received, postcode text
select document_id, issuer, business_case, category, kind, document_date, posted, received, postcode
from letter_subject
where broker = $1 and state = 'queued' and ($2::text is null or reason = $2) and ($3::text is null or issuer = $3)
order by received_at, document_id
limit $4::int8
