-- The first event of one lane in a replay, behind where the replay is.
-- $1 broker, $2 int8 after, $3 int8 up to, $4 text[] types, $5 lane    -> position int8; no row: none
select position
from event
where broker = $1 and position > $2::bigint and position <= $3::bigint and type = any ($4::text[])
  and aggregateid = $5
order by position
limit 1;
