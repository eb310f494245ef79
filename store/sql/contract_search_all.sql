-- The contracts in the order of their ids.
-- $1 text, broker   $2 text, the last one shown; '': from the first   $3 int8, how many
--   -> contract_id text, item json (contract_card)
select contract_id, contract_card(c) as item
from contract c
where broker = $1 and contract_id > $2
order by contract_id
limit $3::int8
