-- Write a batch of the stock: contracts and the names they answer to. A contract's names become exactly those given, but names
-- that a person confirmed stay untouched. No contract_id may stand in the batch twice.
-- $1 text, broker
-- $2 json, contracts: [{contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on, cancelled, customer_id,
--                       name, first_name, birth_date, postcode, plate, application_number}]
-- $3 json, names:     [{contract_id, issuer, key, origin, spelling}], no (issuer, key, contract_id) twice
--   -> added int8, changed int8, ended int8 (those of changed that were not cancelled before)
with given as materialized (
	select * from json_to_recordset($2::json) as g (
		contract_id text, issuer text, vu text, number text, printed_number text, line text,
		starts_on date, ends_on date, cancelled boolean, customer_id text, name text, first_name text,
		birth_date date, postcode text, plate text, application_number text)
), wanted as materialized (
	select * from json_to_recordset($3::json) as w (
		contract_id text, issuer text, key text, origin text, spelling text)
), before as materialized (
	select c.contract_id, c.cancelled
	from given g join contract c on c.broker = $1 and c.contract_id = g.contract_id
), written as (
	insert into contract as c (broker, contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on,
		cancelled, customer_id, name, first_name, birth_date, postcode, plate, application_number)
	select $1::text, contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on,
		cancelled, customer_id, name, first_name, birth_date, postcode, plate, application_number
	from given
	order by contract_id
	on conflict (broker, contract_id) do update set
		issuer = excluded.issuer, vu = excluded.vu, number = excluded.number,
		printed_number = excluded.printed_number, line = excluded.line,
		starts_on = excluded.starts_on, ends_on = excluded.ends_on, cancelled = excluded.cancelled,
		customer_id = excluded.customer_id, name = excluded.name, first_name = excluded.first_name,
		birth_date = excluded.birth_date, postcode = excluded.postcode, plate = excluded.plate,
		application_number = excluded.application_number, changed_at = now()
	where (c.issuer, c.vu, c.number, c.printed_number, c.line, c.starts_on, c.ends_on, c.cancelled, c.customer_id,
	       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.application_number)
	      is distinct from
	      (excluded.issuer, excluded.vu, excluded.number, excluded.printed_number, excluded.line,
	       excluded.starts_on, excluded.ends_on, excluded.cancelled, excluded.customer_id, excluded.name,
	       excluded.first_name, excluded.birth_date, excluded.postcode, excluded.plate,
	       excluded.application_number)
	returning contract_id, cancelled
), gone as (
	delete from contract_name n using given g
	where n.broker = $1 and n.contract_id = g.contract_id and n.origin <> 'person'
	  and not exists (select from wanted w
			  where w.contract_id = n.contract_id and w.issuer = n.issuer and w.key = n.key)
	returning n.contract_id
), named as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling)
	select $1::text, issuer, key, contract_id, origin, spelling from wanted
	order by issuer, key, contract_id
	on conflict (broker, issuer, key, contract_id) do update set
		origin = excluded.origin, spelling = excluded.spelling
	where n.origin <> 'person' and (n.origin, n.spelling) is distinct from (excluded.origin, excluded.spelling)
	returning contract_id
), touched as (
	select contract_id from written union select contract_id from gone union select contract_id from named
)
select count(*) filter (where b.contract_id is null) as added,
       count(*) filter (where b.contract_id is not null) as changed,
       count(*) filter (where not b.cancelled and w.cancelled) as ended
from touched t
left join before b using (contract_id)
left join written w using (contract_id)
