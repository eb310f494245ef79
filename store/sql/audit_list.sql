-- The audit log, latest first.
-- $1 broker, $2 who or null, $3 action or null, $4 object or null, $5 bigint: before this audit_id, $6 int: how many
--   -> audit_id, at text, name, action, object, address
select audit_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, name, action, object, address
from audit
where broker = $1 and ($2::text is null or name = $2) and ($3::text is null or action = $3)
	and ($4::text is null or object = $4) and audit_id < $5::bigint
order by audit_id desc
limit $6::int;
