-- Write down what became of attachments, and tell of it.
-- wakes: sequencer
-- $1 broker
-- $2 jsonb, [{"document_id", "attachment", "position", "attached_ms", "contract_id", "customer_id", "recorded", "notice", "state",
--             "rule", "hold_s", "due_ms", "decided_by", "note", "collapse_key", "released_ms"}]
-- $3 jsonb, [event rows, each with causationid], in the order in which they shall be told
with new as (
	select *
	from jsonb_to_recordset($2::jsonb) as n (
		document_id uuid, attachment uuid, position int8, attached_ms int8, contract_id text,
		customer_id text, recorded timestamptz, notice jsonb, state text, rule text, hold_s int, due_ms int8, decided_by text,
		note text, collapse_key text, released_ms int8)
), letter as ( -- the event tells the customer when it is expected
	select payload ->> 'document_id' as document_id, max((payload #>> '{lead,expected}')::timestamptz) as at
	from jsonb_to_recordset($3::jsonb) as e (payload jsonb)
	group by 1
), kept as (
	insert into release as r (broker, document_id, attachment, attached_position, attached_at, contract_id,
	                          customer_id, recordedtime, notice, state, rule, hold_s, due_at, decided_by, note, collapse_key,
	                          released_at, letter_at)
	select $1, new.document_id, attachment, position, to_timestamp(attached_ms / 1000.0), contract_id, customer_id,
	       recorded, notice, state, rule, hold_s, to_timestamp(due_ms / 1000.0), decided_by, note, collapse_key,
	       to_timestamp(released_ms / 1000.0), letter.at
	from new
	left join letter on letter.document_id = new.document_id::text and new.state = 'released'
	on conflict (broker, document_id, attachment) do update
	set attached_position = excluded.attached_position, customer_id = excluded.customer_id, state = excluded.state, rule = excluded.rule,
	    hold_s = excluded.hold_s, due_at = excluded.due_at, decided_by = excluded.decided_by,
	    note = excluded.note, collapse_key = excluded.collapse_key, released_at = excluded.released_at,
	    letter_at = coalesce(excluded.letter_at, r.letter_at)
)
insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid, causationid, recordedtime)
select $1, e.event_id, e.aggregatetype, e.aggregateid, e.type, e.payload, e.correlationid, e.causationid, e.recordedtime
from jsonb_to_recordset($3::jsonb) as e (
	event_id uuid, aggregatetype text, aggregateid text, type text, payload jsonb, correlationid text,
	causationid uuid, recordedtime timestamptz)
