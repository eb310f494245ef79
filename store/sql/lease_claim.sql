-- Claim one active connection that nobody works on: the one that has waited longest.
-- A claim raises the fence, so that whoever held it before can no longer write.
-- $1 text, broker
-- $2 text, owner (base/holder.h)
-- $3 int8, seconds the lease lasts
-- $4 text, only this connection; null: any
-- $5 timestamptz, only connections last attempted before this moment; null: only those that are due
--   -> connection text, fence int8
update connection c
set lease_owner = $2, lease_fence = c.lease_fence + 1, lease_until = now() + $3::int8 * interval '1 second',
    last_attempt_at = now()
where (c.broker, c.connection) = (
	select d.broker, d.connection
	from connection d
	where d.broker = $1 and d.state = 'active'
	  and (d.lease_until is null or d.lease_until < now())
	  and ($4::text is null or d.connection = $4)
	  and case when $5::timestamptz is null then d.due_at <= now()
	      else d.last_attempt_at is null or d.last_attempt_at < $5 end
	order by d.due_at, d.connection
	limit 1
	for update skip locked)
returning c.connection, c.lease_fence as fence
