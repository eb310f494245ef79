-- A document leaves its contracts, before it is decided again in the same transaction: what it said of claims must not hold
-- it there. Tells nobody: the change that follows does.
-- $1 text, broker   $2 uuid, document
with gone as (
	delete from document_contract where broker = $1 and document_id = $2::uuid
)
update document
set state = 'queued', contract_id = null
where broker = $1 and document_id = $2::uuid and state = 'filed'
