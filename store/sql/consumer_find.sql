-- A consumer and its acknowledged position.
-- $1 broker, $2 consumer    -> position int8, acked_at text RFC 3339 or null
select position, to_char(acked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acked_at
from consumer
where broker = $1 and consumer = $2;
