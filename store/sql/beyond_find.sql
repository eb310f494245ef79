-- Where else a waiting document may belong: its number at any insurer, names that begin with it, the holder's full name at its
-- insurer, his birth date and his plate at any. One look-up. The arrays stand in sub-selects as in name_find.sql.
-- What more than 3000 contracts have, a name or the beginning of a number, is not looked through to its end.
-- $1 text, broker   $2 text[], names' keys, at any insurer
-- $3 text[], issuers   $4 text[], keys of which one to three characters are missing at the end
-- $5 text[], issuers   $6 text[], holders "surname|first name" as name_fold makes them, "surname|" without a first name
-- $7 text[], birth dates   $8 text[], plates: upper case without blanks, dashes and full stops
-- $9 text[], issuers   $10 text[], customer ids
--   -> issuer text ("*": any), key text, origin text (of the name; or prefix, holder, birth_date, plate, customer), contract_id text,
--      vu text, line text, ends_on date, cancelled bool, customer_id text, name text, first_name text, birth_date date,
--      postcode text, plate text, number text, starts_on date, revision int
with recursive issuers as (
	(select issuer from contract_name where broker = $1 order by issuer limit 1)
	union all
	select (select n.issuer from contract_name n where n.broker = $1 and n.issuer > i.issuer order by n.issuer limit 1)
	from issuers i
	where i.issuer is not null
)
select '*' as issuer, asked.key, c.origin, c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $2::text[])) as asked (key)
cross join lateral (
	select n.origin, k.*
	from contract_name n
	join contract k on k.broker = n.broker and k.contract_id = n.contract_id
	where n.broker = $1 and n.key collate "C" = asked.key
	limit 21) c
union all
select asked.issuer, asked.key, 'prefix', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $3::text[]), (select $4::text[])) as asked (issuer, key)
cross join lateral (
	select k.*
	from (select issuer, contract_id
	      from contract_name_mine
	      where broker = $1 and key collate "C" > asked.key and key collate "C" < asked.key || '~'
	        and length(key) <= length(asked.key) + 3
	      limit 3000) n
	join contract k on k.broker = $1 and k.contract_id = n.contract_id
	where n.issuer = asked.issuer
	limit 200) c
union all
select asked.issuer, asked.key, 'holder', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $5::text[]), (select $6::text[])) as asked (issuer, key)
cross join lateral (
	select k.*
	from (select * from contract_mine
	      where broker = $1 and name is not null and name_fold(name) collate "C" = name_fold(split_part(asked.key, '|', 1))
	      limit 3000) k
	where k.issuer = asked.issuer
	  and (split_part(asked.key, '|', 2) = '' or name_fold(k.first_name) = name_fold(split_part(asked.key, '|', 2)))
	limit 21) c
union all
select '*', asked.key, 'birth_date', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $7::text[])) as asked (key)
cross join issuers i
cross join lateral (
	select k.* from contract k
	where k.broker = $1 and k.issuer = i.issuer and k.birth_date = asked.key::date
	limit 100) c
union all
select '*', asked.key, 'plate', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $8::text[])) as asked (key)
cross join issuers i
cross join lateral (
	select k.* from contract_mine k
	where k.broker = $1 and k.issuer = i.issuer and upper(translate(k.plate, ' -.', '')) = asked.key
	limit 21) c
union all
select asked.issuer, asked.key, 'customer', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $9::text[]), (select $10::text[])) as asked (issuer, key)
cross join lateral (
	select k.* from contract k
	where k.broker = $1 and k.customer_id = asked.key and k.issuer = asked.issuer
	limit 21) c
