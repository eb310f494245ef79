-- How many events of some types lie in a range of positions.
-- $1 broker, $2 int8 after, $3 int8 up to, $4 text[] types or null: all    -> events int8
select count(*) as events
from event
where broker = $1 and position > $2::bigint and position <= $3::bigint
  and ($4::text[] is null or type = any ($4::text[]));
