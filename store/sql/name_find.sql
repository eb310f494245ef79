-- The contracts that answer to names, those that got documents of a claim, and those of a plate,
-- and those from which a person took the same bytes away (unless he filed that document there again); one look-up for a delivery.
-- At most 21 contracts a name: more are as good as many.
-- The arrays stand in sub-selects so that the planner does not count them: else every call would be planned anew, which
-- takes five times as long as the look-up.
-- $1 text, broker
-- $2 text[], issuers   $3 text[], keys: pairs, each once
-- $4 text[], issuers   $5 text[], claim numbers
-- $6 text[], issuers   $7 text[], plates: upper case without blanks, dashes and full stops
-- $8 text[], SHA-256 of documents
--   -> issuer text, key text, origin text ("claim:1" to "claim:3": by the claim, see contract_claim; or "plate"; or "taken_back", with
--      the SHA-256 as key and no issuer), contract_id text, vu text, line text,
--      ends_on date, cancelled bool, customer_id text, name text, first_name text, birth_date date, postcode text, plate text, number text, starts_on date, revision int
select asked.issuer, asked.key, c.origin, c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $2::text[]), (select $3::text[])) as asked (issuer, key)
cross join lateral (
	select n.origin, k.*
	from contract_name n
	join contract k on k.broker = n.broker and k.contract_id = n.contract_id
	where n.broker = $1 and n.issuer = asked.issuer and n.key = asked.key
	limit 21) c
union all
select asked.issuer, asked.key, 'claim:' || c.word, c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $4::text[]), (select $5::text[])) as asked (issuer, key)
cross join lateral (
	select n.word, k.*
	from (select contract_id, word
	      from contract_claim
	      where broker = $1 and issuer = asked.issuer and key = asked.key
	      limit 10) n
	join contract k on k.broker = $1 and k.contract_id = n.contract_id) c
union all
select asked.issuer, asked.key, 'plate', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $6::text[]), (select $7::text[])) as asked (issuer, key)
cross join lateral (
	select k.* from contract k
	where k.broker = $1 and k.issuer = asked.issuer
	  and upper(translate(k.plate, ' -.', '')) = asked.key
	limit 21) c
union all
select '', asked.key, 'taken_back', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $8::text[])) as asked (key)
cross join lateral (
	select distinct on (t.contract_id) k.*
	from document d
	cross join lateral unnest(d.taken_back) as t (contract_id)
	join contract k on k.broker = $1 and k.contract_id = t.contract_id
	where d.broker = $1 and d.sha256 = asked.key and d.taken_back <> '{}'
	  and (d.decided_by is not null and d.contract_id = t.contract_id) is not true) c
