-- What the insurer sent cannot be read: keep the raw bytes and the sentence, tell, never acknowledge.
-- Of one that was fetched anew what was kept before stays, unless this is an answer that brings more than a refusal.
-- wakes: sequencer
-- $1 text, broker   $2 text, connection   $3 int8, fence   $4 text, shipment
-- $5 text, the sentence   $6 text, the insurer's code; null: none
-- $7 text, SHA-256 of the raw answer; null: there is none   $8 text, its content type
-- $9 jsonb, event row   $10 int4, 1: this fetch counts; 0: it was counted before
--   -> quarantined int8: 0 if it already was, or the lease is lost; took bool: this answer is the one that is kept
with held as (
	select broker, connection from connection
	where broker = $1 and connection = $2 and lease_fence = $3::int8
), kept as (
	select s.state = 'quarantined' and s.raw_sha256 is not null and ($6::text is not null or $7::text is null) as keeps
	from held h
	join shipment s on s.broker = h.broker and s.connection = h.connection and s.shipment_id = $4
), changed as (
	update shipment s
	set state = 'quarantined',
	    refusal = case when k.keeps then s.refusal else $5 end,
	    refusal_code = case when k.keeps then s.refusal_code else $6 end,
	    raw_sha256 = case when k.keeps then s.raw_sha256 else $7 end,
	    raw_content_type = case when k.keeps then s.raw_content_type else $8 end,
	    answered_at = case when k.keeps then s.answered_at else now() end,
	    fetch_refusal = case when k.keeps then $5 end, breaches = case when k.keeps then s.breaches end,
	    fetch_attempts = s.fetch_attempts + $10::int, fetch_tried_at = now(), fetch_trouble = $5, fetch_trouble_at = now(),
	    attempts = s.attempts + 1, fetch_asked_at = null, retry_asked_at = null, retry_asked_by = null,
	    closed_at = null, closed_by = null, closed_note = null
	from held h, kept k
	where s.broker = h.broker and s.connection = h.connection and s.shipment_id = $4
	  and (s.state = 'listed' or s.state = 'quarantined' and s.fetch_asked_at is not null)
	returning s.broker, k.keeps
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid)
	select c.broker, ($9::jsonb ->> 'event_id')::uuid, $9::jsonb ->> 'aggregatetype',
	       $9::jsonb ->> 'aggregateid', $9::jsonb ->> 'type', $9::jsonb -> 'payload',
	       $9::jsonb ->> 'correlationid'
	from changed c
)
select count(*) as quarantined, coalesce(bool_and(not keeps), false) as took from changed
