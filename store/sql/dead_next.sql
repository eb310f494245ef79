-- The next dead letter of a lane to be sent again, as a row of the outbox.
-- $1 broker, $2 endpoint, $3 lane, $4 int8 after this position
--   -> position int8, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text RFC 3339,
--      customersequence int8, correlationid, causationid uuid, recorded text; no row: none
select position, event_id as id, type, aggregatetype, lane as aggregateid, payload,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       customersequence, correlationid, causationid,
       to_char(recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded
from dead_letter
where broker = $1 and endpoint = $2 and lane = $3 and state = 'sending' and position > $4::bigint
order by position
limit 1;
