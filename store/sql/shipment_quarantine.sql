-- What the insurer sent cannot be read: keep the raw bytes and the sentence, tell, never acknowledge.
-- wakes: sequencer
-- $1 text, broker   $2 text, connection   $3 int8, fence   $4 text, shipment
-- $5 text, the sentence   $6 text, the insurer's code; null: none
-- $7 text, SHA-256 of the raw answer; null: there is none   $8 text, its content type
-- $9 jsonb, event row
--   -> quarantined int8: 0 if it already was, or the lease is lost
with held as (
	select broker, connection from connection
	where broker = $1 and connection = $2 and lease_fence = $3::int8
), changed as (
	update shipment s
	set state = 'quarantined', refusal = $5, refusal_code = $6, raw_sha256 = $7, raw_content_type = $8,
	    attempts = s.attempts + 1
	from held h
	where s.broker = h.broker and s.connection = h.connection and s.shipment_id = $4 and s.state = 'listed'
	returning s.broker
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload, correlationid)
	select c.broker, ($9::jsonb ->> 'event_id')::uuid, $9::jsonb ->> 'aggregatetype',
	       $9::jsonb ->> 'aggregateid', $9::jsonb ->> 'type', $9::jsonb -> 'payload',
	       $9::jsonb ->> 'correlationid'
	from changed c
)
select count(*) as quarantined from changed
