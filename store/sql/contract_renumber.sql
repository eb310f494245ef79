-- Give a batch of contracts their canonical numbers. A contract stays as it is if another one of its issuer answers to the new
-- number, or if its number is not the one given any more. The former spelling stays a name. Run renumber_lock before it, in one
-- transaction.
-- wakes: sequencer
-- $1 text, broker   $2 uuid, run   $3 text, who   $4 bool, write; false: only look for conflicts
-- $5 text[] contract ids, $6 text[] issuers, $7 text[] numbers before, $8 text[] their plain keys, $9 text[] numbers after
--   -> contract_id text, issuer text, before text, after text, rival text (another contract), changed bool
with asked as materialized (
	select * from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
	as a (contract_id, issuer, before, key, after)
), rivals as materialized (
	select contract_id, min(rival) as rival
	from (select a.contract_id, n.contract_id as rival
	      from asked a cross join lateral (
		select * from contract_name k
		where k.broker = $1 and k.issuer = a.issuer and k.key = a.after and k.contract_id <> a.contract_id
		  and k.origin not in ('application', 'claim', 'broker') offset 0) n
	      union
	      select a.contract_id, b.contract_id
	      from asked a join asked b on b.issuer = a.issuer and b.after = a.after and b.contract_id <> a.contract_id) as r
	group by contract_id
), changed as (
	update contract c
	set number = a.after, changed_at = now()
	from asked a
	where $4::boolean and c.broker = $1 and c.contract_id = a.contract_id and c.issuer = a.issuer
	  and c.number is not distinct from a.before
	  and not exists (select from rivals r where r.contract_id = a.contract_id)
	returning c.contract_id, c.customer_id, a.issuer, a.before, a.key, a.after
), logged as (
	insert into renumbering (broker, run, contract_id, issuer, before, key, after, names, renumbered_by)
	select $1, $2::uuid, c.contract_id, c.issuer, c.before, c.key, c.after, coalesce(
		(select jsonb_agg(jsonb_build_array(n.key, n.origin, n.spelling, n.created_at))
		 from contract_name n
		 where n.broker = $1 and n.issuer = c.issuer and n.contract_id = c.contract_id
		   and n.key in (c.key, c.after)), '[]'), $3
	from changed c
), former as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling)
	select $1, c.issuer, c.key, c.contract_id, 'former', c.before from changed c where c.before is not null
	on conflict (broker, issuer, key, contract_id) do update set
		origin = excluded.origin, spelling = excluded.spelling, created_at = now()
	where n.origin in ('system', 'printed', 'other')
), canonical as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling)
	select $1, c.issuer, c.after, c.contract_id, 'system', c.after from changed c where c.key is distinct from c.after
	on conflict (broker, issuer, key, contract_id) do update set spelling = excluded.spelling
	where n.origin = 'system'
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload)
	select $1, e.id, e.aggregatetype, e.aggregateid, e.type, e.payload
	from changed c cross join lateral renumbered_event(c.contract_id, c.customer_id, c.issuer, $2::uuid) as e
)
select a.contract_id, a.issuer, a.before, a.after, r.rival, c.contract_id is not null as changed
from asked a
left join rivals r using (contract_id)
left join changed c using (contract_id)
order by a.contract_id
