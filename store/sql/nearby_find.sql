-- What a document that waits may mean: contracts of names near to its own, and of its holder. One look-up.
-- The arrays stand in sub-selects as in name_find.sql.
-- $1 text, broker
-- $2 text[], issuers   $3 text[], names' keys: pairs, each once
-- $4 text[], issuers   $5 text[], birth dates
-- $6 text[], issuers   $7 text[], plates: upper case without blanks, dashes and full stops
-- $8 text[], issuers   $9 text[], postcodes
--   -> issuer text, key text, origin text (of the name; or birth_date, plate, postcode), contract_id text, vu text,
--      line text, ends_on date, cancelled bool, customer_id text, name text, first_name text, birth_date date,
--      postcode text, plate text, number text, starts_on date, revision int
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
select asked.issuer, asked.key, 'birth_date', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $4::text[]), (select $5::text[])) as asked (issuer, key)
cross join lateral (
	select k.* from contract k
	where k.broker = $1 and k.issuer = asked.issuer and k.birth_date = asked.key::date
	limit 200) c
union all
select asked.issuer, asked.key, 'plate', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $6::text[]), (select $7::text[])) as asked (issuer, key)
cross join lateral (
	select k.* from contract_mine k
	where k.broker = $1 and k.issuer = asked.issuer
	  and upper(translate(k.plate, ' -.', '')) = asked.key
	limit 200) c
union all
select asked.issuer, asked.key, 'postcode', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $8::text[]), (select $9::text[])) as asked (issuer, key)
cross join lateral (
	select k.* from contract k
	where k.broker = $1 and k.issuer = asked.issuer and k.postcode = asked.key
	limit 200) c
