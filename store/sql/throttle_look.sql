-- Does the insurer want to be left alone?
-- $1 text, issuer   -> blocked_s int8 (0: no); no row: the insurer is not known
select coalesce(greatest(0, ceil(extract(epoch from
	       case when blocked_until is not null then least(blocked_until, now() + interval '1 day') end - now()))), 0)::int8 as blocked_s
from throttle where issuer = $1
