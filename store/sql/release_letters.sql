-- What the letters of these documents go by.
-- $1 broker, $2 uuid[] documents    -> document_id uuid and the columns of letter_subject that events/letter.h reads
select s.document_id, s.issuer, s.business_case, s.category, s.kind, s.document_date, s.posted, s.received, s.postcode
from unnest($2::uuid[]) as w (document_id)
cross join lateral (select * from letter_subject where broker = $1 and document_id = w.document_id limit 1) s
