-- A contract that a person made for a document goes with the decision, and its names with it, unless somebody else relies on it: a
-- person who filed another document there, an import that knows it, a new number. What the matcher filed there stays written at an id
-- without a contract until it is decided again in the same transaction.
-- $1 text, broker   $2 text, contract   $3 uuid, the document   -> issuer text: a row if it is gone
with unmade as materialized (
	select contract_id from contract c
	where broker = $1 and contract_id = $2 and source = 'person' and changed_at = imported_at
	  and not exists (select from document d where d.broker = $1 and d.contract_id = $2 and d.document_id <> $3::uuid
	                  and d.decided_by is not null)
	  and not exists (select from document_contract m
	                  join document d on d.broker = m.broker and d.document_id = m.document_id
	                  where m.broker = $1 and m.contract_id = $2 and m.document_id <> $3::uuid
	                    and d.decided_by is not null)
	  and not exists (select from renumbering r where r.broker = $1 and r.contract_id = $2)
	for update of c -- an import that adopts it at this moment comes first
), names as (
	delete from contract_name n using unmade u where n.broker = $1 and n.contract_id = u.contract_id
)
delete from contract c using unmade u where c.broker = $1 and c.contract_id = u.contract_id
returning c.issuer
