-- Contracts whose number is one of these but for a part at one end (matcher/twins.h). One look-up, mostly without a row.
-- An application number is no twin: they are counted apart. At most 21 contracts each way: more are as good as many.
-- The arrays stand in sub-selects as in name_find.sql; the others have them so that nothing is computed twice.
-- $1 text, broker
-- $2 text[], issuers   $3 text[], numbers   $4 text[], what each may be with a part less
-- $5 text[], issuers   $6 text[], numbers of at least six characters, each once: found with up to four more in front, three more behind
--   -> issuer text, key text (the number), origin text (twin), contract_id text, vu text, line text, ends_on date, cancelled bool,
--      customer_id text, name text, first_name text, birth_date date, postcode text, plate text, number text, starts_on date, revision int
select asked.issuer, asked.key, 'twin' as origin, c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $2::text[]), (select $3::text[]), (select $4::text[])) as asked (issuer, key, part)
cross join lateral (
	select k.*
	from contract_name n
	join contract k on k.broker = n.broker and k.contract_id = n.contract_id
	where n.broker = $1 and n.issuer = asked.issuer and n.key = asked.part and n.origin <> 'application'
	limit 21) c
union all
select asked.issuer, asked.key, 'twin', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $5::text[]), (select $6::text[])) as asked (issuer, key)
cross join lateral (
	select array[name_part(asked.issuer, asked.key, length(asked.key) + 1, 1),
		     name_part(asked.issuer, asked.key, length(asked.key) + 2, 1),
		     name_part(asked.issuer, asked.key, length(asked.key) + 3, 1),
		     name_part(asked.issuer, asked.key, length(asked.key) + 4, 1)] as without_1
	offset 0) p
cross join lateral (
	select k.*
	from (select contract_id
	      from contract_name_mine n
	      where n.broker = $1 and n.issuer = asked.issuer and n.origin <> 'application'
	        and name_part(n.issuer, n.key, length(n.key), 1) = any (p.without_1)
	        and right(n.key, length(asked.key)) = asked.key and length(n.key) > length(asked.key)
	      limit 21) n
	join contract k on k.broker = $1 and k.contract_id = n.contract_id) c
union all
select asked.issuer, asked.key, 'twin', c.contract_id, c.vu, c.line, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.number, c.starts_on, c.revision
from unnest((select $5::text[]), (select $6::text[])) as asked (issuer, key)
cross join lateral (
	select k.*
	from (select contract_id
	      from contract_name_mine
	      where broker = $1 and issuer = asked.issuer and origin <> 'application'
	        and key collate "C" > asked.key and key collate "C" < asked.key || '~'
	        and length(key) <= length(asked.key) + 3
	      limit 21) n
	join contract k on k.broker = $1 and k.contract_id = n.contract_id) c
