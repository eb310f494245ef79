-- Give a connection back of which nothing was asked: the insurer is closed, wants to be left alone, or others are at it.
-- $1 text, broker   $2 text, connection   $3 int8, fence
-- $4 int8, seconds until it is due again; null: as it was (a slot that went to somebody else)   $5 timestamptz, its last attempt before the lease; null: none
with returned as (
	update connection
	set lease_owner = null, lease_until = null, last_attempt_at = $5::timestamptz,
	    turned_away_at = case when $4::int8 is null then turned_away_at else now() end,
	    due_at = case when $4::int8 is null then due_at else now() + $4::int8 * interval '1 second' end
	where broker = $1 and connection = $2 and lease_fence = $3::int8
	returning issuer
)
update throttle_slot s
set holder = null, until = null
from returned r
where s.issuer = r.issuer and s.holder = $1 || '/' || $2 || '#' || $3
