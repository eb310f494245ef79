-- Sessions that stand, latest first.
-- $1 broker, $2 name or null: of all    -> session_id, name, created_at, last_used_at, expires_at: text, address
select session_id, name, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
       to_char(last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_used_at,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at, address
from session
where broker = $1 and ($2::text is null or name = $2) and expires_at > now()
order by created_at desc, session_id
limit 1000;
