-- End the lease of a worker that is known to be dead; its fence stays used up.
-- $1 text, broker   $2 text, connection   $3 int8, fence
update connection
set lease_owner = null, lease_until = null
where broker = $1 and connection = $2 and lease_fence = $3::int8
