-- May this account be tried now? One login at a time; none after a refusal, until a person resumed the connection.
-- $1 text, credential   $2 text, holder   $3 text, broker   $4 text, connection   $5 int8, seconds a login may take
-- $6 bool, also if it was refused: a person says so
--   -> taken bool (false: somebody else logs in, or it was refused), refusal text (null: not refused)
with known as (
	insert into credential as k (credential, holder, until)
	values ($1, $2, now() + $5::int8 * interval '1 second')
	on conflict (credential) do update
	set holder = excluded.holder, until = excluded.until
	where (k.until is null or k.until < now() or k.until > now() + 2 * $5::int8 * interval '1 second' or k.holder = $2)
	  and (k.refused_at is null or $6::bool or exists (
		select from connection c
		where c.broker = $3 and c.connection = $4 and c.resumed_at >= k.refused_at))
	returning 1
)
select exists (select from known) as taken,
       (select k.refusal from credential k
	where k.credential = $1 and k.refused_at is not null and not exists (select from known)) as refusal
