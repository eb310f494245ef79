-- Keep a lease, and the insurer's slot with it. No row: it was lost.
-- $1 text, broker   $2 text, connection   $3 int8, fence   $4 int8, seconds
--   -> fence int8
with kept as (
	update connection
	set lease_until = now() + $4::int8 * interval '1 second'
	where broker = $1 and connection = $2 and lease_fence = $3::int8 and lease_owner is not null
	returning issuer, lease_fence
), slot as (
	update throttle_slot s
	set until = now() + $4::int8 * interval '1 second'
	from kept k
	where s.issuer = k.issuer and s.holder = $1 || '/' || $2 || '#' || $3
)
select lease_fence as fence from kept
