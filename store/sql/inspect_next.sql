-- Documents that nobody looked into yet, in the order of arrival, from a little before a place on: what was received earlier may
-- have been recorded later, by another worker.
-- $1 text, broker   $2 timestamptz, received about when or later   $3 int4, how many
--   -> document_id uuid, received_at timestamptz, media_type text, size int8, sha256 text
select document_id, received_at, media_type, size, sha256
from document d
where broker = $1 and received_at > $2::timestamptz - interval '10 minutes'
  and media_type in ('application/pdf', 'application/zip')
  and not exists (select from document_text t where t.broker = d.broker and t.document_id = d.document_id)
order by received_at, document_id
limit $3::int4
