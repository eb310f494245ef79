-- What newly numbered events say about documents and contracts, in their order; and behind it what comes next but has no
-- position yet, because the two halves of a move may fall into two batches. Documents that are not there are left out.
-- $1 broker, $2 int8 and $3 int8: the first and the last position
--   -> position int8 or null, id uuid, type, payload jsonb, occurred_ms int8, recorded text RFC 3339,
--      document_line, contract_line, vu, contract_customer: whose the contract is now; null: nobody's
with said as (
	(select position, id, type, payload, occurred_at, recordedtime
	 from event
	 where broker = $1 and position between $2::int8 and $3::int8
	   and type in ('document.attached', 'document.detached'))
	union all
	(select position, id, type, payload, occurred_at, recordedtime
	 from event
	 where broker = $1 and position is null
	 order by occurred_at, id
	 limit 32)
)
select s.position, s.id, s.type, s.payload, (extract(epoch from s.occurred_at) * 1000)::int8 as occurred_ms,
       to_char(s.recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded,
       d.line as document_line, c.line as contract_line, coalesce(d.vu, c.vu) as vu, c.customer_id as contract_customer
from said s
cross join lateral (
	select line, vu
	from document
	where broker = $1 and document_id = case
		when s.payload ->> 'document_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
		then (s.payload ->> 'document_id')::uuid end
	limit 1
) d
left join lateral (
	select line, vu, customer_id from contract where broker = $1 and contract_id = s.payload ->> 'contract_id' limit 1
) c on true
where s.type in ('document.attached', 'document.detached')
order by s.position nulls last, s.occurred_at, s.id
