-- Claim one connection by name, due or not, paused or not, unless somebody works on it.
-- $1 text, broker   $2 text, owner   $3 int8, seconds   $4 text, connection
--   -> fence int8
update connection
set lease_owner = $2, lease_fence = lease_fence + 1, lease_until = now() + $3::int8 * interval '1 second'
where broker = $1 and connection = $4 and (lease_until is null or lease_until < now()
  or lease_until > now() + 2 * $3::int8 * interval '1 second')
returning lease_fence as fence
