-- The insurer file's bound of rounds at once; the first rounds begin with two.
-- durability: relaxed
-- $1 text, issuer   $2 int4, the bound
with bound as (
	insert into throttle as t (issuer, parallel_most, allowed) values ($1, $2::int, least(2, $2::int))
	on conflict (issuer) do update
	set parallel_most = excluded.parallel_most, allowed = least(t.allowed, excluded.parallel_most)
	where t.parallel_most <> excluded.parallel_most
)
insert into throttle_slot (issuer, slot)
select $1, n from generate_series(1, $2::int) n
where not exists (select from throttle_slot s where s.issuer = $1 and s.slot = n)
on conflict do nothing
