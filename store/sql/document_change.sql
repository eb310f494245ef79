-- Change the verdicts of documents that are still as they were read, and tell of those that were changed.
-- A document that somebody changed meanwhile (version) is passed over, and so is one that would be filed at a contract that is gone, or
-- from which something was taken since the decision (revision; null: the decision rests on nothing of it). Those contracts are held
-- until the transaction ends, so that they do not go behind it. One whose bytes were the news at the same contracts
-- before becomes a duplicate, without document.attached; what was the news where a document leaves is free again.
-- wakes: sequencer
-- $1 text, broker
-- $2 jsonb, [{"document_id", "version", "state", "contract_id", "customer_id", "revision",
--             "more": [{"contract_id", "customer_id", "revision"}], "tier", "reason", "evidence", "candidates", "decided_by", "remembered" (true if absent),
--             "shadow" (absent: as it was),
--             "events": [event rows]}]
--   -> document_id uuid: those that were changed
with new as materialized (
	select *
	from jsonb_to_recordset($2::jsonb) as n (
		document_id uuid, version int, state text, contract_id text, customer_id text, revision int, more jsonb, tier text,
		reason text, evidence jsonb, candidates jsonb, decided_by text, remembered boolean, shadow jsonb,
		events jsonb)
), held as materialized (
	select d.document_id, d.sha256, n.state, n.contract_id, n.revision, n.more
	from document d
	join new n using (document_id)
	where d.broker = $1 and d.version = n.version
	order by d.document_id
	for update of d
), wanted as materialized (
	select h.document_id, p.contract_id, p.revision
	from held h
	cross join lateral (
		select h.contract_id, h.revision
		union all
		select m ->> 'contract_id', (m ->> 'revision')::int from jsonb_array_elements(h.more) as m) p
	where h.state = 'filed'
	order by p.contract_id
), standing as materialized (
	select w.document_id, k.contract_id
	from wanted w
	cross join lateral (
		select c.contract_id
		from contract c
		where c.broker = $1 and c.contract_id = w.contract_id and (w.revision is null or c.revision = w.revision)
		for key share) k
), kept as materialized (
	select h.document_id, h.sha256,
	       case when h.state = 'filed' and length(h.sha256) = 64 then contracts_text(h.contract_id, h.more) end as contracts
	from held h
	where (select count(*) from wanted w where w.document_id = h.document_id)
	    = (select count(*) from standing s where s.document_id = h.document_id)
), gone as (
	delete from document_first f
	using kept k
	where f.broker = $1 and f.document_id = k.document_id and f.contracts is distinct from k.contracts
), firsts as (
	insert into document_first as f (broker, sha256, contracts, document_id)
	select distinct on (sha256, contracts) $1, sha256, contracts, document_id
	from kept
	where contracts is not null
	order by sha256, contracts, document_id
	on conflict (broker, sha256, contracts) do update set document_id = f.document_id
	returning sha256, contracts, document_id
), judged as materialized (
	select n.*, nullif(f.document_id, n.document_id) as first
	from kept k
	join new n using (document_id)
	left join firsts f on f.sha256 = k.sha256 and f.contracts = k.contracts
), changed as (
	update document d
	set state = j.state, contract_id = j.contract_id, customer_id = j.customer_id, tier = j.tier,
	    reason = j.reason, candidates = j.candidates, decided_by = j.decided_by, duplicate_of = j.first,
	    evidence = j.evidence || case when j.first is null then '[]'::jsonb else jsonb_build_array(jsonb_build_object(
			'says', 'the same bytes came before as document ' || j.first, 'against', false)) end,
	    -- what shadow would have filed first counts: without shadow it would lie there
	    shadow = case when d.shadow ->> 'tier' <> 'none' then d.shadow else coalesce(j.shadow, d.shadow) end,
	    remembered = coalesce(j.remembered, true), decided_at = now(), version = d.version + 1
	from judged j
	where d.broker = $1 and d.document_id = j.document_id
	returning d.document_id
), taken_up as ( -- whoever put it off put off what waited then: if it comes back, it lies open
	update desk k set postponed_until = null
	from judged j
	where k.broker = $1 and k.document_id = j.document_id and j.state <> 'queued' and k.postponed_until is not null
), left_behind as (
	delete from document_contract m
	using judged j
	where m.broker = $1 and m.document_id = j.document_id
	  and not exists (select from jsonb_array_elements(j.more) as a (at) where a.at ->> 'contract_id' = m.contract_id)
), further as (
	insert into document_contract (broker, document_id, no, contract_id, customer_id)
	select $1, j.document_id, m.no, m.at ->> 'contract_id', m.at ->> 'customer_id'
	from judged j
	cross join lateral jsonb_array_elements(j.more) with ordinality as m (at, no)
	on conflict (broker, document_id, contract_id) do update set no = excluded.no, customer_id = excluded.customer_id
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid, recordedtime)
	select $1, e.event_id, e.aggregatetype, e.aggregateid, e.type, e.payload, e.correlationid, e.recordedtime
	from judged j
	cross join lateral jsonb_to_recordset(j.events) as e (
		event_id uuid, aggregatetype text, aggregateid text, type text, payload jsonb,
		correlationid text, recordedtime timestamptz)
	where j.first is null or e.type <> 'document.attached'
)
select document_id from changed
