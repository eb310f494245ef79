-- What customers were told of the documents of some days that are filed now, and since when the oldest document waits now.
-- The days are those of their arrival, as in statistics_documents: the steps of one funnel.
-- $1 text, broker   $2 timestamptz and $3 timestamptz, received from and before   $4 text, issuer or null
--   -> released int8 (documents), delivered int8 (documents of whose events an endpoint
--      accepted one),
--      oldest_s int8 or null
select (select count(*) from document d
	where d.broker = $1 and d.received_at >= $2::timestamptz and d.received_at < $3::timestamptz and d.state = 'filed'
	  and ($4::text is null or d.issuer = $4)
	  and exists (select from release r
		where r.broker = $1 and r.document_id = d.document_id and r.state = 'released')) as released,
       (select count(distinct d.document_id) from event_accepted a
	join event e on e.broker = $1 and e.id = a.event_id
	join document d on d.broker = $1 and d.document_id = (e.payload ->> 'document_id')::uuid
	where a.broker = $1 and a.accepted_at >= $2::timestamptz
	  and d.received_at >= $2::timestamptz and d.received_at < $3::timestamptz and d.state = 'filed'
	  and e.type not in ('document.withdrawn', 'document.reassigned')
	  and ($4::text is null or d.issuer = $4)) as delivered,
       (select extract(epoch from now() - min(received_at))::int8 from document
	where broker = $1 and state = 'queued' and ($4::text is null or issuer = $4)) as oldest_s
