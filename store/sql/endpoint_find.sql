-- One endpoint.
-- $1 broker, $2 endpoint
--   -> endpoint, url, secret_file, ca_file, types text[], state, position int8, failures int4
select endpoint, url, secret_file, ca_file, types, state, position, failures
from endpoint
where broker = $1 and endpoint = $2;
