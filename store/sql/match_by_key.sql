-- The next documents that wait and have a number with this key, in the order of their ids.
-- $1 text, broker   $2 uuid, after this one; null: from the first   $3 int8, how many
-- $4 text, only of this issuer; null: of all   $5 text, key   -> document_read
select *
from document_read
where broker = $1 and state = 'queued' and ($2::uuid is null or document_id > $2::uuid)
  and ($4::text is null or issuer = $4)
  and document_id in (select document_id from document_mine where broker = $1 and state = 'queued' and keys @> array[$5::text])
order by document_id
limit $3::int8
