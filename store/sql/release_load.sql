-- What is due, oldest first and at most $3, and everything about the documents $2, whatever its state.
-- $1 broker, $2 uuid[] documents, $3 int4 how many
--   -> document_id uuid, attachment uuid, position int8 or null, attached_ms int8, contract_id, customer_id, recorded text RFC 3339,
--      notice jsonb, state, rule, hold_s int4, due_ms int8 or null, decided_by, note, collapse_key, released_ms int8 or null,
--      document_line, contract_line, vu, contract_customer: whose the contract is now; null: nobody's
with wanted as (
	(select document_id, attachment
	 from release
	 where broker = $1 and state = 'waiting' and due_at <= statement_timestamp()
	 order by due_at
	 limit $3::int)
	union
	(select document_id, attachment from release where broker = $1 and document_id = any ($2::uuid[]))
)
select r.document_id, r.attachment, r.attached_position as position,
       (extract(epoch from r.attached_at) * 1000)::int8 as attached_ms, r.contract_id, r.customer_id,
       to_char(r.recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded, r.notice,
       r.state, r.rule, r.hold_s, (extract(epoch from r.due_at) * 1000)::int8 as due_ms, r.decided_by, r.note,
       r.collapse_key, (extract(epoch from r.released_at) * 1000)::int8 as released_ms,
       d.line as document_line, c.line as contract_line, coalesce(d.vu, c.vu) as vu, c.customer_id as contract_customer
from wanted w
cross join lateral (
	select * from release
	where broker = $1 and document_id = w.document_id and attachment = w.attachment
	limit 1
) r
left join lateral (select line, vu from document where broker = $1 and document_id = r.document_id limit 1) d on true
left join lateral (select line, vu, customer_id from contract where broker = $1 and contract_id = r.contract_id limit 1) c on true
order by r.document_id, r.attached_position nulls last, r.attached_at
