-- How a document lies on the desk; no row: nobody did anything with it.
-- $1 text, broker   $2 uuid, document   -> assignee text, until text RFC 3339, note text
select assignee, to_char(postponed_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until, note
from desk
where broker = $1 and document_id = $2::uuid
