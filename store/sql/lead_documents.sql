-- Documents with what their letter goes by and the stamps of their way, in the order of their ids, a page a call. Not:
-- what is ignored, and what the customer is not to hear of. A document that waits has no filed_ms. Its release is that of its
-- present contract; before there were releases the filing was all there was. It was accepted when the consumer says so
-- (notification.accepted), else when the first endpoint answered 2xx.
-- $1 text, broker   $2 text, issuer; null: any   $3 timestamptz, received since   $4 text, after this id; null: from the
-- first   $5 int8, how many at most
--   -> document_id uuid, connection text, issuer, business_case, category, kind, document_date, posted, received, postcode
--      text, poll_s int8 (0: the insurer file's), listed_ms, stored_ms, filed_ms, released_ms, accepted_ms int8
--      (milliseconds since 1970; null: not known or not there yet), person bool (a person decided)
with accepted as materialized (
	select document_id, coalesce(min(at) filter (where notified), min(at)) as at
	from (
		select (e.payload ->> 'document_id')::uuid as document_id, f.received_at as at, true as notified
		from feedback f
		join event e on e.broker = f.broker and e.id = f.event_id
		where f.broker = $1 and f.type = 'notification.accepted' and f.received_at >= $3::timestamptz
		union all
		select (e.payload ->> 'document_id')::uuid, a.accepted_at, false
		from event_accepted a
		join event e on e.broker = a.broker and e.id = a.event_id
		where a.broker = $1 and a.accepted_at >= $3::timestamptz
		  and e.type not in ('document.withdrawn', 'document.reassigned')
	) as said
	group by 1
)
select s.document_id, s.connection, s.issuer, s.business_case, s.category, s.kind, s.document_date, s.posted,
       s.received, s.postcode, coalesce(c.poll_interval_s, 0)::int8 as poll_s,
       (extract(epoch from h.first_listed_at) * 1000)::int8 as listed_ms,
       (extract(epoch from h.stored_at) * 1000)::int8 as stored_ms,
       case when s.state = 'filed' then (extract(epoch from s.decided_at) * 1000)::int8 end as filed_ms,
       case when s.state = 'filed' and r.state is null then (extract(epoch from s.decided_at) * 1000)::int8
            else (extract(epoch from r.released_at) * 1000)::int8 end as released_ms,
       (extract(epoch from a.at) * 1000)::int8 as accepted_ms,
       s.state = 'queued' or s.decided_by is not null as person
from letter_subject s
join shipment h on h.broker = s.broker and h.connection = s.connection and h.shipment_id = s.shipment_id
join connection c on c.broker = s.broker and c.connection = s.connection
left join lateral (
	select r.state, r.released_at
	from release r
	where r.broker = s.broker and r.document_id = s.document_id and r.contract_id = s.contract_id
	order by r.attached_at desc
	limit 1
) as r on s.state = 'filed'
left join accepted a on a.document_id = s.document_id and s.state = 'filed'
where s.broker = $1 and s.state in ('filed', 'queued') and ($2::text is null or s.issuer = $2)
  and s.received_at >= $3::timestamptz and ($4::text is null or s.document_id > $4::uuid)
  and (r.state is null or r.state in ('waiting', 'released'))
order by s.document_id
limit $5::int8
