-- The next documents that wait and that numbers of these issuers may decide, in the order of their ids: their own issuer's or
-- the one of the connection by which they came.
-- $1 text, broker   $2 uuid, after this one; null: from the first   $3 int8, how many   $4 text[], issuers; null: all
--   -> document_read
select *
from document_read
where broker = $1 and state = 'queued' and ($2::uuid is null or document_id > $2::uuid)
  and ($4::text[] is null or issuer = any ($4::text[]) or connection in (
	select connection from connection where broker = $1 and issuer = any ($4::text[])))
order by document_id
limit $3::int8
