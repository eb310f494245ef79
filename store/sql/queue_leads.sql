-- Every document that waits for a person, oldest first, with no more than what its letter goes by.
-- $1 text, broker   $2 text, reason; null: any   $3 text, issuer; null: any   $4 int8, how many at most; null: all
--   -> document_id uuid, issuer, business_case, category, kind, document_date, posted, received, postcode text
select s.document_id, s.issuer, s.business_case, s.category, s.kind, s.document_date, s.posted, s.received, s.postcode
from document d
join letter_subject s on s.broker = d.broker and s.document_id = d.document_id
where d.broker = $1 and d.state = 'queued' and ($2::text is null or d.reason = $2)
  and ($3::text is null or d.issuer = $3)
order by d.received_at, d.document_id
limit $4::int8
