-- The names that a contract answers to, oldest first.
-- $1 text, broker   $2 text, contract_id
--   -> key text, origin text, spelling text, created_at text, created_by text
select key, origin, spelling, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at, created_by
from contract_name
where broker = $1 and contract_id = $2
order by contract_name.created_at, origin, key
limit 1000
