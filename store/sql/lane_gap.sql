-- The gap notice of a parked event, as a row of the outbox; it has no position.
-- $1 broker, $2 endpoint, $3 uuid of the notice
--   -> position int8: null, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text,
--      customersequence int8, correlationid, causationid uuid, recorded text: null; no row: there is none
select null::bigint as position, d.gap_id as id, 'endpoint.gap' as type, coalesce(v.aggregatetype, 'customer') as aggregatetype,
       d.lane as aggregateid,
       jsonb_strip_nulls(jsonb_build_object(
		'lane', d.lane, 'event_id', d.event_id, 'type', d.type,
		'position', lpad(d.position::text, 20, '0'),
		'customersequence', lpad(v.customersequence::text, 20, '0'),
		'since', to_char(d.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))) as payload,
       to_char(d.parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred,
       null::bigint as customersequence, v.correlationid, d.event_id as causationid, null::text as recorded
from dead_letter d
left join event v on v.broker = d.broker and v.id = d.event_id
where d.broker = $1 and d.endpoint = $2 and d.gap_id = $3::uuid;
