-- The events of some types in a range of positions, oldest first; columns as event_after.
-- $1 broker, $2 int8 after, $3 int8 up to, $4 int4 how many, $5 text[] types
--   -> position int8, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text RFC 3339,
--      customersequence int8, correlationid, causationid uuid, recorded text RFC 3339
select position, id, type, aggregatetype, aggregateid, payload,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       customersequence, correlationid, causationid,
       to_char(recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded
from event
where broker = $1 and position > $2::bigint and position <= $3::bigint and type = any ($5::text[])
order by position
limit $4::int;
