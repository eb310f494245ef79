-- What persons decided about a document, in their order.
-- $1 text, broker   $2 uuid, document
--   -> decision_id uuid, action text, contract_id text, issuer text, key text, note text, before jsonb, decided_by text,
--      decided_at timestamptz, at text RFC 3339, reason text
select decision_id, action, contract_id, issuer, key, note, before, decided_by, decided_at,
       to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, reason
from decision
where broker = $1 and document_id = $2::uuid
order by decided_at, decision_id
