-- Write a batch of the stock: contracts and the names they answer to. A contract's names become exactly those given, but names
-- that a person confirmed or that were learned here (former, claim) stay untouched. A number that is the former
-- spelling of the contract's canonical one (table renumbering) is no change; another number is told (contract.renumbered), and the one before stays
-- a name (former), unless it is by now another customer's, or another contract takes it with this batch. What is already so is not written again. No contract_id may stand in the
-- batch twice. Looked up row by row (offset 0): right after a first import the planner knows nothing about the table. Every parameter from $4 on is an array, a column of the batch.
-- A source is remembered from the first that mentioned the contract, until it vanishes there.
-- wakes: sequencer
-- $1 text, broker   $2 text, source or null   $3 int8, import: remember what was seen; null: do not
-- contracts: $4 contract_id, $5 issuer, $6 vu, $7 number, $8 printed_number, $9 line, $10 starts_on date, $11 ends_on date,
--            $12 cancelled bool, $13 customer_id, $14 name, $15 first_name, $16 birth_date date, $17 postcode,
--            $18 plate, $19 application_number, $20 broker_number
-- names:     $21 contract_id, $22 issuer, $23 key, $24 origin, $25 spelling; no (issuer, key, contract_id) twice
--   -> first a row of totals: contract_id null, added int8;
--      then one for each contract that changed: contract_id text, ended bool (cancelled, and was not before), returned bool
--      (had vanished), fields text (what changed, blanks between)
with given as materialized (
	select * from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::date[],
		$11::date[], $12::boolean[], $13::text[], $14::text[], $15::text[], $16::date[], $17::text[],
		$18::text[], $19::text[], $20::text[])
	as g (contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on, cancelled, customer_id,
	      name, first_name, birth_date, postcode, plate, application_number, broker_number)
), wanted as materialized (
	select * from unnest($21::text[], $22::text[], $23::text[], $24::text[], $25::text[])
	as w (contract_id, issuer, key, origin, spelling)
), seen as (
	insert into contract_seen (import, contract_id)
	select $3::bigint, g.contract_id from given g where $3::bigint is not null
), before as materialized (
	select c.contract_id, c.k as old, c.respelled,
	       ((c.k).issuer, (c.k).vu, case when c.respelled then g.number else (c.k).number end, (c.k).printed_number, (c.k).line, (c.k).starts_on, (c.k).ends_on, (c.k).cancelled,
		(c.k).customer_id, (c.k).name, (c.k).first_name, (c.k).birth_date, (c.k).postcode, (c.k).plate, (c.k).application_number,
		(c.k).broker_number, (c.k).vanished_at, (c.k).source)
	       is not distinct from
	       (g.issuer, g.vu, g.number, g.printed_number, g.line, g.starts_on, g.ends_on, g.cancelled,
		g.customer_id, g.name, g.first_name, g.birth_date, g.postcode, g.plate, g.application_number,
		g.broker_number, null::timestamptz, coalesce((c.k).source, $2)) as same
	from given g
	cross join lateral (
		select k.contract_id, k, k.number is distinct from g.number and exists (
			select from renumbering r
			where r.broker = $1 and r.contract_id = k.contract_id and r.after = k.number and r.undone_at is null
			  and number_fold(g.number) in (number_fold(r.before), number_fold(r.after)))
		from contract k where k.broker = $1 and k.contract_id = g.contract_id offset 0) c (contract_id, k, respelled)
), renumbered as materialized (
	select g.contract_id, g.customer_id, g.issuer
	from before b
	join given g using (contract_id)
	where not b.same and not b.respelled and number_fold((b.old).number) <> number_fold(g.number)
), named_before as materialized (
	select n.contract_id, n.issuer, n.key, n.origin, n.spelling, n.stock_origin, n.stock_spelling
	from before b cross join lateral (
		select * from contract_name k where k.broker = $1 and k.contract_id = b.contract_id offset 0) n
), taken as materialized (
	select issuer, key, contract_id from wanted except select issuer, key, contract_id from named_before
), keeping as materialized (
	select n.contract_id, n.issuer, n.key
	from renumbered r
	cross join lateral (
		select * from contract_name k
		where k.broker = $1 and k.contract_id = r.contract_id and k.issuer = r.issuer
		  and case when k.origin = 'person' then k.stock_origin else k.origin end in ('system', 'printed')
		offset 0) n
	where (n.contract_id, n.issuer, n.key) not in (select contract_id, issuer, key from wanted)
	  and (n.issuer, n.key) not in (select issuer, key from taken)
	  and not (
		select count(*) > 0
		from contract_name o
		join contract c on c.broker = o.broker and c.contract_id = o.contract_id
		where o.broker = $1 and o.issuer = n.issuer and o.key = n.key and o.contract_id <> n.contract_id
		  and o.origin not in ('application', 'claim', 'broker') and (c.customer_id = r.customer_id) is not true)
), written as (
	insert into contract as c (broker, contract_id, issuer, vu, number, printed_number, line, starts_on, ends_on,
		cancelled, customer_id, name, first_name, birth_date, postcode, plate, application_number, broker_number,
		source)
	select $1, g.contract_id, issuer, vu, case when b.respelled then (b.old).number else g.number end, printed_number, line, starts_on, ends_on, g.cancelled,
	       customer_id, name, first_name, birth_date, postcode, plate, application_number, broker_number, $2
	from given g left join before b on b.contract_id = g.contract_id
	where b.same is not true
	order by g.contract_id
	on conflict (broker, contract_id) do update set
		issuer = excluded.issuer, vu = excluded.vu, number = excluded.number,
		printed_number = excluded.printed_number, line = excluded.line,
		starts_on = excluded.starts_on, ends_on = excluded.ends_on, cancelled = excluded.cancelled,
		customer_id = excluded.customer_id, name = excluded.name, first_name = excluded.first_name,
		birth_date = excluded.birth_date, postcode = excluded.postcode, plate = excluded.plate,
		application_number = excluded.application_number, broker_number = excluded.broker_number,
		source = case when c.vanished_at is null then coalesce(c.source, excluded.source)
			      else coalesce(excluded.source, c.source) end,
		vanished_at = null, changed_at = now()
), former as (
	update contract_name n set origin = 'former', created_at = now()
	from keeping k
	where n.broker = $1 and n.issuer = k.issuer and n.key = k.key and n.contract_id = k.contract_id and n.origin <> 'person'
), gone as (
	delete from contract_name n using (
		select contract_id, issuer, key from named_before where origin not in ('person', 'former', 'claim')
		except
		select contract_id, issuer, key from wanted
		except
		select contract_id, issuer, key from keeping) old
	where n.broker = $1 and n.issuer = old.issuer and n.key = old.key and n.contract_id = old.contract_id
	returning n.contract_id
), named as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling)
	select $1, w.issuer, w.key, w.contract_id, w.origin, w.spelling
	from wanted w left join named_before b
		on b.contract_id = w.contract_id and b.issuer = w.issuer and b.key = w.key
	where b.key is null
	   or (b.origin not in ('person', 'former') and (b.origin, b.spelling) is distinct from (w.origin, w.spelling))
	   or (b.origin = 'former' and w.origin = 'system' and w.contract_id in (select contract_id from renumbered))
	order by w.issuer, w.key, w.contract_id
	on conflict (broker, issuer, key, contract_id) do update set
		origin = excluded.origin, spelling = excluded.spelling
	where n.origin not in ('person', 'former')
	   or (n.origin = 'former' and n.contract_id in (select contract_id from renumbered))
	returning contract_id
), beside as (
	update contract_name n set stock_origin = s.origin, stock_spelling = s.spelling
	from (select b.contract_id, b.issuer, b.key,
	             case when w.key is not null then w.origin when k.key is not null or b.stock_origin = 'former' then 'former' end,
	             case when w.key is not null then w.spelling when k.key is not null or b.stock_origin = 'former' then b.stock_spelling end
	      from named_before b
	      left join wanted w on w.contract_id = b.contract_id and w.issuer = b.issuer and w.key = b.key
	      left join keeping k on k.contract_id = b.contract_id and k.issuer = b.issuer and k.key = b.key
	      where b.origin = 'person') s (contract_id, issuer, key, origin, spelling)
	where (n.stock_origin, n.stock_spelling) is distinct from (s.origin, s.spelling)
	  and n.broker = $1 and n.issuer = s.issuer and n.key = s.key and n.contract_id = s.contract_id and n.origin = 'person'
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload)
	select $1, e.id, e.aggregatetype, e.aggregateid, e.type, e.payload
	from renumbered r
	cross join lateral renumbered_event(r.contract_id, r.customer_id, r.issuer, null) as e
), renamed as materialized (
	select contract_id from gone union select contract_id from named union select contract_id from keeping
)
select null as contract_id, (select count(*) from given) - (select count(*) from before) as added,
       false as ended, false as returned, null as fields
union all
select b.contract_id, 0, not (b.old).cancelled and g.cancelled, (b.old).vanished_at is not null,
       concat_ws(' ',
	       case when (b.old).issuer is distinct from g.issuer then 'issuer' end,
	       case when (b.old).vu is distinct from g.vu then 'vu' end,
	       case when (b.old).number is distinct from g.number and not b.respelled then 'number' end,
	       case when (b.old).printed_number is distinct from g.printed_number then 'printed_number' end,
	       case when (b.old).line is distinct from g.line then 'line' end,
	       case when (b.old).starts_on is distinct from g.starts_on then 'start' end,
	       case when (b.old).ends_on is distinct from g.ends_on then 'end' end,
	       case when (b.old).cancelled is distinct from g.cancelled then 'cancelled' end,
	       case when (b.old).customer_id is distinct from g.customer_id then 'customer_id' end,
	       case when (b.old).name is distinct from g.name then 'name' end,
	       case when (b.old).first_name is distinct from g.first_name then 'first_name' end,
	       case when (b.old).birth_date is distinct from g.birth_date then 'birth_date' end,
	       case when (b.old).postcode is distinct from g.postcode then 'postcode' end,
	       case when (b.old).plate is distinct from g.plate then 'plate' end,
	       case when (b.old).application_number is distinct from g.application_number then 'application_number' end,
	       case when (b.old).broker_number is distinct from g.broker_number then 'broker_number' end,
	       case when (b.old).source is null and $2 is not null then 'source' end,
	       case when (b.old).vanished_at is not null then 'vanished' end,
	       case when r.contract_id is not null then 'names' end)
from before b
join given g using (contract_id)
left join renamed r using (contract_id)
where not b.same or r.contract_id is not null
order by contract_id nulls first
