-- What is known of an insurer's limits.
-- $1 text, issuer
--   -> allowed float8, parallel_most int4, used int8, blocked_until, busy_at text (RFC 3339; blocked_until null: not blocked);
--      no row: not asked yet
select t.allowed, t.parallel_most,
       (select count(*) from throttle_slot s where s.issuer = t.issuer and s.until > now()) as used,
       case when blocked_until > now() then
	       to_char(t.blocked_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as blocked_until,
       to_char(t.busy_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as busy_at
from throttle t
where t.issuer = $1
