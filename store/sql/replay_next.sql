-- The next events of a replay: to whom they belong, no more.
-- $1 broker, $2 int8 after, $3 int8 up to, $4 text[] types, $5 customer or null: all, $6 int4 how many
--   -> position int8, lane
select position, aggregateid as lane
from event
where broker = $1 and position > $2::bigint and position <= $3::bigint and type = any ($4::text[])
  and ($5::text is null or aggregateid = $5)
order by position
limit $6::int;
