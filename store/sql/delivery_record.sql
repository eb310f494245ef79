-- Record one delivery: its documents with their verdicts, their events and the shipment's state "stored", all or
-- nothing. A shipment that is already stored or acknowledged stays as it is, and nothing is written.
-- Of two that record the same shipment at once the second waits for the first and then finds it stored.
-- A document that is already there under a shipment that was not stored cannot be, and fails the statement.
-- Where a document would be filed at a contract that is gone, or from which something was taken since the decision (revision), nothing
-- is written: decide anew. Those contracts are held until it is written, so that they do not go behind it.
-- Bytes that were the news at the same contracts before are filed as a duplicate, without document.attached; of two that
-- come at once the second waits at the key of document_first and then finds the first one's.
-- wakes: sequencer
-- $1 text, broker   $2 text, connection   $3 text, shipment   $4 int8, fence of the lease
-- $5 jsonb, the shipment's facts
-- $6 jsonb, [documents], each with "revision" of its contract and of those in "more"   $7 jsonb, [event rows]
-- $8 int8, seconds from now to its acknowledgement; null: when a person releases it
-- $9 text, why only a person may let it be acknowledged (shipment.hold); null: nothing
-- $10 int8, when the answer came, ms since 1970   $11 int4, 1: it was kept in quarantine and read again; 0: fetched
--   -> held bool (null: no such connection), stands bool (false: decide anew), moved bool, before text (state, if not moved; null: not listed),
--      untold int8: events that were left out for duplicates
with held as (
	select lease_fence = $4::int8 as ok from connection where broker = $1 and connection = $2
), wanted as materialized (
	select distinct p.contract_id, p.revision
	from jsonb_to_recordset($6::jsonb) as d (state text, contract_id text, revision int, more jsonb)
	cross join lateral (
		select d.contract_id, d.revision
		union all
		select m ->> 'contract_id', (m ->> 'revision')::int from jsonb_array_elements(d.more) as m) p
	where d.state = 'filed'
	order by p.contract_id
), standing as materialized (
	select k.contract_id
	from wanted w
	cross join lateral (
		select c.contract_id
		from contract c
		where c.broker = $1 and c.contract_id = w.contract_id and c.revision = w.revision
		for key share) k
), stands as materialized (
	select (select count(*) from wanted) = (select count(*) from standing) as ok
), moved as (
	update shipment
	set state = 'stored', stored_at = now(), facts = $5::jsonb, refusal = null, refusal_code = null,
	    acknowledge_from = coalesce(case when $9::text is null then now() + $8::int8 * interval '1 second' end, 'infinity'),
	    answered_at = to_timestamp($10::int8 / 1000.0), fetch_attempts = fetch_attempts + 1 - $11::int,
	    fetch_tried_at = case when $11::int = 0 then now() else fetch_tried_at end,
	    breaches = case when $11::int = 1 then breaches end,
	    fetch_asked_at = null, fetch_refusal = null, hold = $9,
	    closed_at = null, closed_by = null, closed_note = null
	where broker = $1 and connection = $2 and shipment_id = $3 and state in ('listed', 'quarantined')
	  and (select ok from held) and (select ok from stands)
	returning broker, connection, shipment_id
), given as materialized (
	select m.broker, m.connection, m.shipment_id, d.*,
	       case when d.state = 'filed' and length(d.sha256) = 64 then contracts_text(d.contract_id, d.more) end as contracts
	from moved m, jsonb_to_recordset($6::jsonb) as d (
		document_id uuid, transfer_no int, file_no int, name text, declared_type text, media_type text,
		size int8, sha256 text, issuer text, vu text, business_case text, line text, numbers jsonb,
		facts jsonb, state text, contract_id text, customer_id text, more jsonb, tier text, reason text,
		evidence jsonb, candidates jsonb, shadow jsonb, keys text[])
), firsts as (
	insert into document_first as f (broker, sha256, contracts, document_id)
	select distinct on (sha256, contracts) broker, sha256, contracts, document_id
	from given
	where contracts is not null
	order by sha256, contracts, transfer_no, file_no
	on conflict (broker, sha256, contracts) do update set document_id = f.document_id
	returning sha256, contracts, document_id
), judged as materialized (
	select g.*, nullif(f.document_id, g.document_id) as first
	from given g left join firsts f on f.sha256 = g.sha256 and f.contracts = g.contracts
), documents as (
	insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, name,
	                      declared_type, media_type, size, sha256, issuer, vu, business_case, line, numbers,
	                      facts, state, contract_id, customer_id, tier, reason, evidence, candidates, shadow, keys, duplicate_of)
	select broker, document_id, connection, shipment_id, transfer_no, file_no, name, declared_type, media_type, size,
	       sha256, issuer, vu, business_case, line, numbers, facts, state, contract_id, customer_id, tier, reason,
	       evidence || case when first is null then '[]'::jsonb else jsonb_build_array(jsonb_build_object(
			'says', 'the same bytes came before as document ' || first, 'against', false)) end,
	       candidates, shadow, coalesce(keys, '{}'), first
	from judged
), further as (
	insert into document_contract (broker, document_id, no, contract_id, customer_id)
	select j.broker, j.document_id, m.no, m.at ->> 'contract_id', m.at ->> 'customer_id'
	from judged j
	cross join lateral jsonb_array_elements(j.more) with ordinality as m (at, no)
), told as (
	select e.*
	from moved m, jsonb_to_recordset($7::jsonb) as e (
		event_id uuid, aggregatetype text, aggregateid text, type text, payload jsonb,
		correlationid text, recordedtime timestamptz)
	where not exists (select from judged j
	                  where j.first is not null and j.document_id = (e.payload ->> 'document_id')::uuid)
), events as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid, recordedtime)
	select $1, event_id, aggregatetype, aggregateid, type, payload, correlationid, recordedtime
	from told
)
select (select ok from held) as held,
       (select ok from stands) as stands,
       exists (select from moved) as moved,
       case when not exists (select from moved) then
	       (select state from shipment where broker = $1 and connection = $2 and shipment_id = $3) end as before,
       jsonb_array_length($7::jsonb) - (select count(*) from told) as untold
