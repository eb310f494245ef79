-- Look away from a document; who has none leaves nothing.
-- durability: relaxed
-- $1 text, broker   $2 uuid, document   $3 text, who
--   -> gone bool: he had it; locked_by, name, until text: whoever else has it, or null
with gone as (
	delete from desk_lock where broker = $1 and document_id = $2::uuid and locked_by = $3
	returning locked_by
)
select exists (select from gone) as gone, other.locked_by, other.name,
       to_char(other.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until
from (select) as always
left join desk_lock as other on other.broker = $1 and other.document_id = $2::uuid and other.locked_by <> $3
                                and other.until > statement_timestamp()
