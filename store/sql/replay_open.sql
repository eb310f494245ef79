-- The open replay of an endpoint.
-- $1 broker, $2 endpoint
--   -> replay_id int8, position int8, to_position int8, types text[], customer
select replay_id, position, to_position, types, customer
from replay_job
where broker = $1 and endpoint = $2 and done_at is null and cancelled_at is null;
