-- After a change of the rules: names that the same spellings give now, and names that they give no longer. What a person
-- confirmed stays, and beside it what the stock says of it now. Belongs behind stock_lock, so that no import changes a spelling meanwhile.
-- $1 text, broker   $2 text, issuer
-- $3 text[] contract ids, $4 text[] keys, $5 text[] origins, $6 text[] spellings: names to add, no (key, contract) twice
-- $7 text[] contract ids, $8 text[] keys: names to take away
--   -> added int8, removed int8
with gone as (
	delete from contract_name n
	using unnest($7::text[], $8::text[]) as g (contract_id, key)
	where n.broker = $1 and n.issuer = $2 and n.key = g.key and n.contract_id = g.contract_id
	  and n.origin <> 'person'
	returning 1
), named as (
	insert into contract_name as n (broker, issuer, key, contract_id, origin, spelling)
	select $1, $2, a.key, a.contract_id, a.origin, a.spelling
	from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as a (contract_id, key, origin, spelling)
	order by a.key, a.contract_id
	on conflict (broker, issuer, key, contract_id) do update set
		stock_origin = excluded.origin, stock_spelling = excluded.spelling
	where n.origin = 'person' and n.stock_origin is null
	returning 1
)
select (select count(*) from named) as added, (select count(*) from gone) as removed
