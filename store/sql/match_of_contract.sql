-- The documents that the matcher filed to a contract, whatever led it there, in the order of their ids.
-- $1 text, broker   $2 text, contract   $3 uuid, after this one; null: from the first   $4 int8, how many
--   -> document_read
select *
from document_read
where broker = $1 and state = 'filed' and decided_by is null
  and document_id in (select document_id from document where broker = $1 and contract_id = $2
                      union all
                      select document_id from document_contract where broker = $1 and contract_id = $2)
  and ($3::uuid is null or document_id > $3::uuid)
order by document_id
limit $4::int8
