-- The documents that the matcher filed to a contract by a name that is gone, in the order of their ids: those of an alias, of a
-- claim, of a repaired reading, and those that have the name's key among others.
-- $1 text, broker   $2 text, contract   $3 uuid, after this one; null: from the first   $4 int8, how many
-- $5 text, the key; null: what is gone is a claim's   -> document_read
select r.*
from document_read r
where r.broker = $1 and r.state = 'filed' and r.decided_by is null
  and r.document_id in (select document_id from document
                        where broker = $1 and contract_id = $2
                          and (tier in ('alias', 'claim', 'repaired') or $5 = any (keys))
                        union all
                        select m.document_id from document_contract m
                        join document d on d.broker = m.broker and d.document_id = m.document_id
                        where m.broker = $1 and m.contract_id = $2
                          and (d.tier in ('alias', 'claim', 'repaired') or $5 = any (d.keys)))
  and ($3::uuid is null or r.document_id > $3::uuid)
order by r.document_id
limit $4::int8
