-- Write a batch of the stock: contracts and the names they answer to. A contract's names become exactly those given, but names
-- that a person confirmed stay untouched. What is already so is not written again. No contract_id may stand in the
-- batch twice. Looked up row by row (offset 0): right after a first import the planner knows nothing about the table. Every parameter but the first is an array, a column of the batch.
-- $1 text, broker
-- contracts: $2 contract_id, $3 issuer, $4 vu, $5 number, $6 printed_number, $7 line, $8 starts_on date, $9 ends_on date,
--            $10 cancelled bool, $11 customer_id, $12 name, $13 first_name, $14 birth_date date, $15 postcode,
--            $16 plate, $17 application_number
-- names:     $18 contract_id, $19 issuer, $20 key, $21 origin, $22 spelling; no (issuer, key, contract_id) twice
--   -> added int8, changed int8, ended int8 (those of changed that were not cancelled before)
with given as materialized (
	select * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[],
		$9::date[], $10::boolean[], $11::text[], $12::text[], $13::text[], $14::date[], $15::text[],
		$16::text[], $17::text[])
	as g (contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on, cancelled, customer_id,
	      name, first_name, birth_date, postcode, plate, application_number)
), wanted as materialized (
	select * from unnest($18::text[], $19::text[], $20::text[], $21::text[], $22::text[])
	as w (contract_id, issuer, key, origin, spelling)
), before as materialized (
	select c.contract_id, c.cancelled,
	       (c.issuer, c.vu, c.number, c.printed_number, c.line, c.starts_on, c.ends_on, c.cancelled,
		c.customer_id, c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.application_number)
	       is not distinct from
	       (g.issuer, g.vu, g.number, g.printed_number, g.line, g.starts_on, g.ends_on, g.cancelled,
		g.customer_id, g.name, g.first_name, g.birth_date, g.postcode, g.plate, g.application_number) as same
	from given g cross join lateral (
		select * from contract k where k.broker = $1 and k.contract_id = g.contract_id offset 0) c
), named_before as materialized (
	select n.contract_id, n.issuer, n.key, n.origin, n.spelling
	from before b cross join lateral (
		select * from contract_name k where k.broker = $1 and k.contract_id = b.contract_id offset 0) n
), written as (
	insert into contract as c (broker, contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on,
		cancelled, customer_id, name, first_name, birth_date, postcode, plate, application_number)
	select $1, g.contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on, g.cancelled,
	       customer_id, name, first_name, birth_date, postcode, plate, application_number
	from given g left join before b on b.contract_id = g.contract_id
	where b.same is not true
	order by g.contract_id
	on conflict (broker, contract_id) do update set
		issuer = excluded.issuer, vu = excluded.vu, number = excluded.number,
		printed_number = excluded.printed_number, line = excluded.line,
		starts_on = excluded.starts_on, ends_on = excluded.ends_on, cancelled = excluded.cancelled,
		customer_id = excluded.customer_id, name = excluded.name, first_name = excluded.first_name,
		birth_date = excluded.birth_date, postcode = excluded.postcode, plate = excluded.plate,
		application_number = excluded.application_number, changed_at = now()
	returning contract_id, cancelled
), gone as (
	delete from contract_name n using (
		select contract_id, issuer, key from named_before where origin <> 'person'
		except
		select contract_id, issuer, key from wanted) old
	where n.broker = $1 and n.issuer = old.issuer and n.key = old.key and n.contract_id = old.contract_id
	returning n.contract_id
), named as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling)
	select $1, w.issuer, w.key, w.contract_id, w.origin, w.spelling
	from wanted w left join named_before b
		on b.contract_id = w.contract_id and b.issuer = w.issuer and b.key = w.key
	where b.key is null
	   or (b.origin <> 'person' and (b.origin, b.spelling) is distinct from (w.origin, w.spelling))
	order by w.issuer, w.key, w.contract_id
	on conflict (broker, issuer, key, contract_id) do update set
		origin = excluded.origin, spelling = excluded.spelling
	where n.origin <> 'person'
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
