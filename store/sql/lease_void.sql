-- End the lease of a worker that is known to be dead, and let go of the insurer's slot and of the login that it was at; its
-- fence stays used up.
-- $1 text, broker   $2 text, connection   $3 int8, fence
with ended as (
	update connection
	set lease_owner = null, lease_until = null
	where broker = $1 and connection = $2 and lease_fence = $3::int8
	returning issuer
), login as (
	update credential k
	set holder = null, until = null
	from ended
	where k.holder = $1 || '/' || $2 || '#' || $3
)
update throttle_slot s
set holder = null, until = null
from ended x
where s.issuer = x.issuer and s.holder = $1 || '/' || $2 || '#' || $3
