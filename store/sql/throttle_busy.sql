-- The insurer said 429 or 503: half as many rounds at once from now on (several workers may hear it at once: that is one
-- time), and nobody calls for as long as he asked.
-- $1 text, issuer   $2 int8, Retry-After in seconds, 0: none
update throttle
set allowed = case when busy_at between now() - interval '5 seconds' and now() then allowed
	else greatest(1, allowed / 2) end,
    blocked_until = case when $2::int8 > 0 then
	greatest(case when blocked_until < now() + interval '1 day' then blocked_until end,
		 now() + least($2::int8, 86400) * interval '1 second')
	else blocked_until end,
    busy_at = now()
where issuer = $1
