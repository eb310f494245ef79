-- What lies in a range of positions, by type.
-- $1 broker, $2 int8 from, $3 int8 to, $4 text[] types, $5 customer or null: all    -> type, events int8
select type, count(*) as events
from event
where broker = $1 and position >= $2::bigint and position <= $3::bigint and type = any ($4::text[])
  and ($5::text is null or aggregateid = $5)
group by type
order by type;
