-- Record one delivery: its documents with their verdicts, their events and the shipment's state "stored", all or
-- nothing. A shipment that is already stored or acknowledged stays as it is, and nothing is written.
-- Of two that record the same shipment at once the second waits for the first and then finds it stored.
-- A document that is already there under a shipment that was not stored cannot be, and fails the statement.
-- wakes: sequencer
-- $1 text, broker   $2 text, connection   $3 text, shipment   $4 int8, fence of the lease
-- $5 jsonb, the shipment's facts
-- $6 jsonb, [documents]   $7 jsonb, [event rows]
--   -> held bool (null: no such connection), moved bool, before text (state, if not moved; null: not listed)
with held as (
	select lease_fence = $4::int8 as ok from connection where broker = $1 and connection = $2
), moved as (
	update shipment
	set state = 'stored', stored_at = now(), facts = $5::jsonb, refusal = null, refusal_code = null
	where broker = $1 and connection = $2 and shipment_id = $3 and state in ('listed', 'quarantined')
	  and (select ok from held)
	returning broker, connection, shipment_id
), documents as (
	insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, name,
	                      declared_type, media_type, size, sha256, issuer, vu, business_case, line, numbers,
	                      facts, state, contract_id, customer_id, tier, reason, evidence, candidates)
	select m.broker, d.document_id, m.connection, m.shipment_id, d.transfer_no, d.file_no, d.name,
	       d.declared_type, d.media_type, d.size, d.sha256, d.issuer, d.vu, d.business_case, d.line, d.numbers,
	       d.facts, d.state, d.contract_id, d.customer_id, d.tier, d.reason, d.evidence, d.candidates
	from moved m, jsonb_to_recordset($6::jsonb) as d (
		document_id uuid, transfer_no int, file_no int, name text, declared_type text, media_type text,
		size int8, sha256 text, issuer text, vu text, business_case text, line text, numbers jsonb,
		facts jsonb, state text, contract_id text, customer_id text, tier text, reason text,
		evidence jsonb, candidates jsonb)
), events as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid, recordedtime)
	select m.broker, e.event_id, e.aggregatetype, e.aggregateid, e.type, e.payload, e.correlationid, e.recordedtime
	from moved m, jsonb_to_recordset($7::jsonb) as e (
		event_id uuid, aggregatetype text, aggregateid text, type text, payload jsonb,
		correlationid text, recordedtime timestamptz)
)
select (select ok from held) as held,
       exists (select from moved) as moved,
       case when not exists (select from moved) then
	       (select state from shipment where broker = $1 and connection = $2 and shipment_id = $3) end as before
