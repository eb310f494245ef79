-- Send it nothing more; it holds no events then. Takes the lease away, so that nobody goes on.
-- $1 broker, $2 endpoint
update endpoint
set state = 'disabled', last_error = 'disabled by the operator', lease_owner = null
where broker = $1 and endpoint = $2;
