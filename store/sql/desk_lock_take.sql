-- Look at a document: whoever has it keeps it until his time is over, and may renew it.
-- durability: relaxed
-- $1 text, broker   $2 uuid, document   $3 text, who   $4 text, his name for people   $5 int8, seconds
--   -> locked_by text, name text, until text RFC 3339, taken bool: it is his
with taken as (
	insert into desk_lock as l (broker, document_id, locked_by, name, until)
	values ($1, $2::uuid, $3, $4, statement_timestamp() + $5::int8 * interval '1 s')
	on conflict (broker, document_id) do update
	set locked_by = excluded.locked_by, name = excluded.name, until = excluded.until
	where l.locked_by = excluded.locked_by or l.until <= statement_timestamp()
	returning locked_by, name, until
)
select locked_by, name, to_char(until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until, taken
from (select locked_by, name, until, true as taken from taken
      union all
      select locked_by, name, until, false from desk_lock
      where broker = $1 and document_id = $2::uuid and not exists (select from taken)) as held
limit 1
