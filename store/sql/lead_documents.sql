-- Documents with what their letter goes by and the stamps of their way, in the order of their ids, a page a call. Not:
-- what is ignored. A document that waits has no filed_ms.
-- $1 text, broker   $2 text, issuer; null: any   $3 timestamptz, received since   $4 text, after this id; null: from the
-- first   $5 int8, how many at most
--   -> document_id uuid, connection text, issuer, business_case, category, kind, document_date, posted, received, postcode
--      text, tier text, poll_s int8 (0: the insurer file's), listed_ms, stored_ms, filed_ms, released_ms int8
--      (milliseconds since 1970; null: not known or not there yet), person bool (a person decided)
select s.document_id, d.connection, s.issuer, s.business_case, s.category, s.kind, s.document_date, s.posted,
       s.received, s.postcode, d.tier, coalesce(c.poll_interval_s, 0)::int8 as poll_s,
       (extract(epoch from h.first_listed_at) * 1000)::int8 as listed_ms,
       (extract(epoch from h.stored_at) * 1000)::int8 as stored_ms,
       case when d.state = 'filed' then (extract(epoch from d.decided_at) * 1000)::int8 end as filed_ms,
       case when d.state = 'filed' then (extract(epoch from d.decided_at) * 1000)::int8 end as released_ms,
       d.state = 'queued' or d.decided_by is not null as person
from document d
join letter_subject s on s.broker = d.broker and s.document_id = d.document_id
join shipment h on h.broker = d.broker and h.connection = d.connection and h.shipment_id = d.shipment_id
join connection c on c.broker = d.broker and c.connection = d.connection
where d.broker = $1 and d.state in ('filed', 'queued') and ($2::text is null or d.issuer = $2)
  and d.received_at >= $3::timestamptz and ($4::text is null or d.document_id > $4::uuid)
order by d.document_id
limit $5::int8
