-- The contracts of an insurer by their numbers; those that no number leads to are not among them. One that answers to several
-- numbers comes at the first.
-- $1 text, broker   $2 text, issuer   $3 text and $4 text, key and contract_id of the last one shown; '' each: from the first
-- $5 int8, how many
--   -> key text, contract_id text, item json (contract_card)
select n.key, n.contract_id, contract_card(c) as item
from contract_name n
join contract c on c.broker = $1 and c.contract_id = n.contract_id
where n.broker = $1 and n.issuer = $2 and (n.key, n.contract_id) > ($3, $4)
  and not exists (select from contract_name m
		  where m.broker = $1 and m.contract_id = n.contract_id and m.issuer = n.issuer and m.key < n.key)
order by n.key, n.contract_id
limit $5::int8
