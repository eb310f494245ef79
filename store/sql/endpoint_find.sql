-- One endpoint.
-- $1 broker, $2 endpoint
--   -> endpoint, url, secret_file, ca_file, allow_private bool, types text[], state, position int8, failures int4
select endpoint, url, secret_file, ca_file, allow_private, types, state, position, failures
from endpoint
where broker = $1 and endpoint = $2;
