-- Give the lease back; lease_until says when the endpoint was served last.
-- durability: relaxed
-- $1 broker, $2 endpoint, $3 lease_owner
update endpoint
set lease_owner = null, lease_until = now()
where broker = $1 and endpoint = $2 and lease_owner = $3;
