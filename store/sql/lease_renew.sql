-- Keep a lease. No row: it was lost.
-- $1 text, broker   $2 text, connection   $3 int8, fence   $4 int8, seconds
--   -> fence int8
update connection
set lease_until = now() + $4::int8 * interval '1 second'
where broker = $1 and connection = $2 and lease_fence = $3::int8 and lease_owner is not null
returning lease_fence as fence
