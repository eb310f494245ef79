-- The next documents of an issuer that are filed or wait, in the order of their ids: what a new rule would have done with them.
-- $1 text, broker   $2 uuid, after this one; null: from the first   $3 int8, how many   $4 text, issuer   -> document_read
select *
from document_read
where broker = $1 and state in ('filed', 'queued') and ($2::uuid is null or document_id > $2::uuid) and issuer = $4
order by document_id
limit $3::int8
