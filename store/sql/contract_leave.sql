-- Documents leave these contracts, or names of theirs are taken back: who files there now is done before, and who decided before
-- and files later decides anew, for by then it is another revision. A statement of its own, before the document is held
-- (docs/architecture.md, "Who waits for whom"), so that what follows sees what was committed meanwhile.
-- $1 text, broker   $2 text[], contracts
with held as materialized (
	select contract_id from contract
	where broker = $1 and contract_id = any ($2::text[])
	order by contract_id
	for update
)
update contract c set revision = c.revision + 1
from held h
where c.broker = $1 and c.contract_id = h.contract_id
