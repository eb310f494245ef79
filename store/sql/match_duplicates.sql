-- The duplicates of a document that do not lie at just the contracts where it lies itself, in the order of their ids.
-- $1 text, broker   $2 uuid, document   $3 uuid, after this one; null: from the first   $4 int8, how many
--   -> document_read
select r.*
from document_read r
where r.broker = $1 and r.duplicate_of = $2::uuid and ($3::uuid is null or r.document_id > $3::uuid)
  and contracts_text(r.contract_id, r.more) is distinct from
      (select contracts_text(f.contract_id, f.more) from document_read f where f.broker = $1 and f.document_id = $2::uuid)
order by r.document_id
limit $4::int8
