-- A dead letter, whatever became of it, at each endpoint; first what has the columns of event_after.sql.
-- $1 broker, $2 uuid of the event as text
--   -> position int8, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text, customersequence int8,
--      correlationid, causationid uuid, recorded text; endpoint, state, failures int4, since text, parked_at text,
--      settled_at text, last_error, note
select position, event_id as id, type, aggregatetype, lane as aggregateid, payload,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       customersequence, correlationid, causationid,
       to_char(recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded,
       endpoint, state, failures,
       to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as parked_at,
       to_char(settled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as settled_at,
       last_error, note
from dead_letter
where broker = $1 and event_id::text = $2
order by endpoint;
