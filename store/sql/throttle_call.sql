-- Reserve the time of one call, and see whether the insurer wants to be left alone. Nobody reserves further ahead than 64
-- calls: what is beyond is of a clock that has jumped back since.
-- $1 text, issuer   $2 float8, seconds between two calls; 0: as fast as they come
--   -> wait_ms int8, blocked_s int8 (0: not blocked); no row: the insurer is not known
update throttle
set next_call_at = case when $2::float8 = 0 then next_call_at
	else greatest(now(), case when next_call_at < now() + 64 * $2::float8 * interval '1 second' then next_call_at end)
	     + $2::float8 * interval '1 second' end
where issuer = $1 and $2::float8 > 0
returning greatest(0, ceil(extract(epoch from next_call_at - now() - $2::float8 * interval '1 second') * 1000))::int8 as wait_ms,
	coalesce(greatest(0, ceil(extract(epoch from
	       case when blocked_until is not null then least(blocked_until, now() + interval '1 day') end - now()))), 0)::int8 as blocked_s
