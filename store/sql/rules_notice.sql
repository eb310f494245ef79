-- Compare the rules with those that were noticed last. An issuer whose rules are others is due to be matched again, its
-- contracts' names first; one that is new or gone makes all due. The first time there is nothing to compare with.
-- $1 text, broker   $2 text[] issuers, $3 text[] digests; '*' is all of them together
--   -> changed int8
with given as materialized (
	select * from unnest($2::text[], $3::text[]) as g (issuer, digest)
), first as materialized (
	select not exists (select from insurer_rules where broker = $1) as yes
), gone as (
	delete from insurer_rules r
	where r.broker = $1 and not exists (select from given g where g.issuer = r.issuer)
	returning r.issuer
), written as (
	insert into insurer_rules as r (broker, issuer, digest)
	select $1, issuer, digest from given order by issuer
	on conflict (broker, issuer) do update set digest = excluded.digest, since = clock_timestamp()
	where r.digest <> excluded.digest
	returning issuer, xmax = 0 as added
), due as (
	insert into rematch_due (broker, issuer, why, rekey)
	select distinct $1, case when added then '*' else issuer end, 'rules', not added
	from (select issuer, added from written union all select issuer, true from gone) as w
	where issuer <> '*' and not (select yes from first)
	returning 1
)
select count(*) as changed from due
