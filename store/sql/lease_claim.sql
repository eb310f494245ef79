-- Claim one active connection that nobody works on and whose insurer takes one more round: the one that has waited longest.
-- A moment further ahead than it can be is of a clock that has jumped back since, and counts as past.
-- A claim raises the fence, so that whoever held it before can no longer write.
-- $1 text, broker
-- $2 text, owner (base/holder.h)
-- $3 int8, seconds the lease lasts
-- $4 text, only this connection; null: any
-- $5 timestamptz, only connections last attempted, or turned away, before this moment; null: only those that are due
--   -> connection text, fence int8, before text: its last attempt before this one
update connection c
set lease_owner = $2, lease_fence = c.lease_fence + 1, lease_until = now() + $3::int8 * interval '1 second',
    last_attempt_at = now()
from (
	select d.broker, d.connection, d.last_attempt_at as before
	from connection d
	where d.broker = $1 and d.state = 'active'
	  and (d.lease_until is null or d.lease_until < now() or d.lease_until > now() + 2 * $3::int8 * interval '1 second')
	  and ($4::text is null or d.connection = $4)
	  and case when $5::timestamptz is null then d.due_at <= now() or d.due_at > now() + interval '15 days'
	      else (d.last_attempt_at is null or d.last_attempt_at < $5 or d.last_attempt_at > now())
		   and (d.turned_away_at is null or d.turned_away_at < $5 or d.turned_away_at > now()) end
	  and not exists (
		select from throttle t
		where t.issuer = d.issuer and not exists (
			select from throttle_slot s
			where s.issuer = t.issuer and s.slot <= t.allowed
			  and (s.until is null or s.until < now()
			       or s.until > now() + 2 * $3::int8 * interval '1 second')))
	order by d.due_at, d.connection
	limit 1
	for update of d skip locked) p
where c.broker = p.broker and c.connection = p.connection
returning c.connection, c.lease_fence as fence, p.before
