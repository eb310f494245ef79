-- Contracts, by insurer and number.
-- $1 text, broker   $2 text, issuer or null   $3 text, customer or null   $4 bool: only those that vanished   $5 int8, limit
--   -> contract_id, issuer, number, line, starts_on, ends_on, cancelled, customer_id, name, first_name, source, vanished_at
select contract_id, issuer, number, line, starts_on, ends_on, cancelled, customer_id, name, first_name, source,
       to_char(vanished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as vanished_at
from contract
where broker = $1 and ($2::text is null or issuer = $2) and ($3::text is null or customer_id = $3)
  and (not $4::boolean or vanished_at is not null)
order by issuer, number, contract_id
limit $5::bigint
