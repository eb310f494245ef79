-- The next events of one lane, in a range of positions. Of a lane in a replay first what the replay asks for, up to $7,
-- then from $9 on what the endpoint asks for; else $7 and $9 are 0.
-- $1 broker, $2 lane, $3 int8 from, $4 int8 up to, $5 text[] types, $6 int4 how many,
-- $7 int8 end of the replay, $8 text[] types of the replay or null, $9 int8 where the lane goes on after it
--   -> position int8, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text RFC 3339,
--      customersequence int8, correlationid, causationid uuid, recorded text
select position, id, type, aggregatetype, aggregateid, payload,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       customersequence, correlationid, causationid,
       to_char(recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded
from event
where broker = $1 and aggregateid = $2 and position >= $3::bigint and position <= $4::bigint
  and ((position >= $9::bigint and type = any ($5::text[]))
       or (position <= $7::bigint and type = any ($8::text[])))
order by position
limit $6::int;
