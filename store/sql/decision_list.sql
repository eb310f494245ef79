-- What persons decided about a document, in their order.
-- $1 text, broker   $2 uuid, document
--   -> action text, contract_id text, issuer text, key text, note text, before jsonb, decided_by text,
--      decided_at timestamptz
select action, contract_id, issuer, key, note, before, decided_by, decided_at
from decision
where broker = $1 and document_id = $2::uuid
order by decided_at, decision_id
