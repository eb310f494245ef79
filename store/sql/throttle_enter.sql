-- Take one of the insurer's slots for a round, unless he wants to be left alone. A slot is held by one at a time, whatever
-- happens at once. An end too far ahead is of a clock that has jumped back since.
-- $1 text, issuer   $2 text, holder   $3 int8, seconds the lease lasts
--   -> slot int4 (null: none free), blocked_s int8 (0: not blocked)
with bound as (
	select issuer, allowed,
	       coalesce(greatest(0, ceil(extract(epoch from
	       case when blocked_until is not null then least(blocked_until, now() + interval '1 day') end - now()))), 0)::int8 as blocked_s
	from throttle where issuer = $1
), taken as (
	update throttle_slot
	set holder = $2, until = now() + $3::int8 * interval '1 second'
	where (issuer, slot) = (
		select s.issuer, s.slot
		from throttle_slot s
		where s.issuer = $1 and s.slot <= (select allowed from bound)
		  and (select coalesce(blocked_s, 0) from bound) = 0
		  and (s.until is null or s.until < now() or s.until > now() + 2 * $3::int8 * interval '1 second')
		order by s.slot
		limit 1
		for update skip locked)
	returning slot
)
select (select slot from taken) as slot, coalesce((select blocked_s from bound), 0) as blocked_s
