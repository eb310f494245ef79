-- The gap notice of a parked event, as a row of the outbox; it has no position.
-- $1 broker, $2 endpoint, $3 uuid of the notice
--   -> position int8: null, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text,
--      customersequence int8, correlationid, causationid uuid, recorded text: null; no row: there is none
select null::bigint as position, gap_id as id, 'endpoint.gap' as type, aggregatetype, lane as aggregateid,
       jsonb_strip_nulls(jsonb_build_object(
		'lane', lane, 'event_id', event_id, 'type', type,
		'position', lpad(position::text, 20, '0'),
		'customersequence', lpad(customersequence::text, 20, '0'),
		'since', to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))) as payload,
       to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       null::bigint as customersequence, correlationid, event_id as causationid, null::text as recorded
from dead_letter
where broker = $1 and endpoint = $2 and gap_id = $3::uuid;
