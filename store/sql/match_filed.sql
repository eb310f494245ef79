-- The next documents that the matcher filed, in the order of their ids.
-- $1 text, broker   $2 uuid, after this one; null: from the first   $3 int8, how many
-- $4 text, only of this issuer; null: of all   -> document_read
select *
from document_read
where broker = $1 and state = 'filed' and decided_by is null and tier <> 'person'
  and ($2::uuid is null or document_id > $2::uuid) and ($4::text is null or issuer = $4)
order by document_id
limit $3::int8
