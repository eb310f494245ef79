-- Events that were parked and that nobody has settled, oldest first.
-- $1 broker, $2 endpoint or null: all
--   -> endpoint, position int8, event_id uuid, type, lane, state, failures int4, since text, parked_at text, last_error
select endpoint, position, event_id, type, lane, state, failures,
       to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as parked_at,
       last_error
from dead_letter
where broker = $1 and ($2::text is null or endpoint = $2) and state in ('parked', 'sending')
order by endpoint, position;
