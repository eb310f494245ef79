-- The contracts of a customer, in the order of their ids.
-- $1 text, broker   $2 text, customer   $3 text, issuer or null   $4 text, the last one shown; '': from the first
-- $5 int8, how many
--   -> contract_id text, item json (contract_card)
select contract_id, contract_card(c) as item
from contract c
where broker = $1 and customer_id = $2 and ($3::text is null or issuer = $3) and contract_id > $4
order by contract_id
limit $5::int8
