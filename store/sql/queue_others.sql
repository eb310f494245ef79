-- How many other documents wait with this number: so many at most a name solves, for each of them is matched by itself.
-- $1 text, broker   $2 text, issuer   $3 text, key   $4 uuid, the document itself   -> others int8
select count(*) as others
from document_mine
where broker = $1 and state = 'queued' and keys @> array[$3] and issuer = $2 and document_id <> $4::uuid
