-- Take back what a run changed, the next contracts in the order of their ids: number, names, and an event each. A contract stays as
-- it is if it has another number by now, or if its former number is another contract's. Run renumber_lock before it.
-- wakes: sequencer
-- $1 text, broker   $2 uuid, run   $3 text, who   $4 bool, write; false: only look
-- $5 text, after this contract_id; null: from the first   $6 int8, how many
--   -> contract_id text, issuer text, before text, after text (what the undo makes of it), number text (now),
--      rival text, changed bool
with asked as materialized (
	select r.contract_id, r.issuer, r.before, r.key, r.after, r.names, c.number, c.customer_id
	from renumbering r
	join contract c on c.broker = r.broker and c.contract_id = r.contract_id
	where r.broker = $1 and r.run = $2::uuid and r.undone_at is null
	  and ($5::text is null or r.contract_id > $5)
	order by r.contract_id
	limit $6::int8
), rivals as materialized (
	select a.contract_id, min(n.contract_id) as rival
	from asked a cross join lateral (
		select * from contract_name k
		where k.broker = $1 and k.issuer = a.issuer and k.key = a.key and k.contract_id <> a.contract_id
		  and k.origin = 'system' offset 0) n
	group by a.contract_id
), changed as (
	update contract c
	set number = a.before, changed_at = now()
	from asked a
	where $4::boolean and c.broker = $1 and c.contract_id = a.contract_id and c.number = a.after
	  and not exists (select from rivals r where r.contract_id = a.contract_id)
	returning c.contract_id, c.customer_id, a.issuer, a.key, a.after, a.names
), saved as materialized (
	select c.contract_id, c.issuer, s ->> 0 as key, s ->> 1 as origin, s ->> 2 as spelling,
	       (s ->> 3)::timestamptz as created_at
	from changed c cross join lateral jsonb_array_elements(c.names) as s
), gone as (
	delete from contract_name n using changed c
	where n.broker = $1 and n.issuer = c.issuer and n.contract_id = c.contract_id and n.key in (c.key, c.after)
	  and n.origin in ('system', 'former')
	  and not exists (select from saved s where s.contract_id = n.contract_id and s.key = n.key)
), back as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling, created_at)
	select $1, s.issuer, s.key, s.contract_id, s.origin, s.spelling, s.created_at from saved s where s.origin <> 'person'
	on conflict (broker, issuer, key, contract_id) do update set
		origin = excluded.origin, spelling = excluded.spelling, created_at = excluded.created_at
	where n.origin in ('system', 'former')
), logged as (
	update renumbering r set undone_at = now(), undone_by = $3
	from changed c
	where r.broker = $1 and r.run = $2::uuid and r.contract_id = c.contract_id
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload)
	select $1, e.id, e.aggregatetype, e.aggregateid, e.type, e.payload
	from changed c cross join lateral renumbered_event(c.contract_id, c.customer_id, c.issuer, $2::uuid) as e
)
select a.contract_id, a.issuer, a.after as before, a.before as after, a.number, r.rival,
       c.contract_id is not null as changed
from asked a
left join rivals r using (contract_id)
left join changed c using (contract_id)
order by a.contract_id
