-- The duplicates of a document that lie where it does not lie itself, in the order of their ids.
-- $1 text, broker   $2 uuid, document   $3 uuid, after this one; null: from the first   $4 int8, how many
--   -> document_read
select r.*
from document_read r
where r.broker = $1 and r.duplicate_of = $2::uuid and ($3::uuid is null or r.document_id > $3::uuid)
  and not exists (select from document f
                  where f.broker = $1 and f.document_id = $2::uuid and f.contract_id = r.contract_id)
  and not exists (select from document_contract m
                  where m.broker = $1 and m.document_id = $2::uuid and m.contract_id = r.contract_id)
order by r.document_id
limit $4::int8
