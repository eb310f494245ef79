-- The contracts that answer to names, and those that got documents of a claim; one look-up for a delivery.
-- At most 21 contracts a name: more are as good as many.
-- The arrays stand in sub-selects so that the planner does not count them: else every call would be planned anew, which
-- takes five times as long as the look-up.
-- $1 text, broker
-- $2 text[], issuers   $3 text[], keys: pairs, each once
--      ends_on date, cancelled bool, customer_id text, name text, first_name text, birth_date date, postcode text,
--      plate text
--   -> issuer text, key text, origin text ("claim:1" to "claim:3": by the claim, see contract_claim), contract_id text, vu text, line text,
--      ends_on date, cancelled bool, customer_id text, name text, first_name text, birth_date date, postcode text, plate text
select asked.issuer, asked.key, c.origin, c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate
from unnest((select $2::text[]), (select $3::text[])) as asked (issuer, key)
cross join lateral (
	select n.origin, k.*
	from contract_name n
	join contract k on k.broker = n.broker and k.contract_id = n.contract_id
	where n.broker = $1 and n.issuer = asked.issuer and n.key = asked.key
	limit 21) c
union all
select asked.issuer, asked.key, 'claim:' || c.word, c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate
from unnest((select $4::text[]), (select $5::text[])) as asked (issuer, key)
cross join lateral (
	select n.word, k.*
	from (select contract_id, word
	      from contract_claim
	      where broker = $1 and issuer = asked.issuer and key = asked.key
	      limit 10) n
	join contract k on k.broker = $1 and k.contract_id = n.contract_id) c
