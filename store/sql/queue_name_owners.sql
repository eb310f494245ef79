-- Who answers to a name already.
-- $1 text, broker   $2 text, issuer   $3 text, key
--   -> contract_id text, origin text, line text
select n.contract_id, n.origin, k.line
from contract_name n
join contract k on k.broker = n.broker and k.contract_id = n.contract_id
where n.broker = $1 and n.issuer = $2 and n.key = $3
limit 100
