-- The next events after a position, oldest first.
-- $1 broker, $2 int8 position, $3 int4 how many, $4 text[] types or null: all
--   -> position int8, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text RFC 3339,
--      customersequence int8, correlationid, causationid uuid, recorded text RFC 3339
select position, id, type, aggregatetype, aggregateid, payload,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       customersequence, correlationid, causationid,
       to_char(recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded
from event
where broker = $1 and position > $2::bigint and ($4::text[] is null or type = any ($4::text[]))
order by position
limit $3::int;
