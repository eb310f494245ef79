-- Who answers to a name already.
-- $1 text, broker   $2 text, issuer   $3 text, key
--   -> contract_id text, origin text
select contract_id, origin
from contract_name
where broker = $1 and issuer = $2 and key = $3
limit 10
