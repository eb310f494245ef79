-- Change the verdicts of documents that are still as they were read, and tell of those that were changed.
-- A document that somebody changed meanwhile (version) is passed over.
-- wakes: sequencer
-- $1 text, broker
-- $2 jsonb, [{"document_id", "version", "state", "contract_id", "customer_id", "tier", "reason", "evidence",
--             "candidates", "decided_by", "events": [event rows]}]
--   -> document_id uuid: those that were changed
with new as (
	select *
	from jsonb_to_recordset($2::jsonb) as n (
		document_id uuid, version int, state text, contract_id text, customer_id text, tier text,
		reason text, evidence jsonb, candidates jsonb, decided_by text, events jsonb)
), changed as (
	update document d
	set state = n.state, contract_id = n.contract_id, customer_id = n.customer_id, tier = n.tier,
	    reason = n.reason, evidence = n.evidence, candidates = n.candidates, decided_by = n.decided_by,
	    decided_at = now(), version = d.version + 1
	from new n
	where d.broker = $1 and d.document_id = n.document_id and d.version = n.version
	returning d.document_id
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid, recordedtime)
	select $1, e.event_id, e.aggregatetype, e.aggregateid, e.type, e.payload, e.correlationid, e.recordedtime
	from changed c
	join new n using (document_id)
	cross join lateral jsonb_to_recordset(n.events) as e (
		event_id uuid, aggregatetype text, aggregateid text, type text, payload jsonb,
		correlationid text, recordedtime timestamptz)
)
select document_id from changed
