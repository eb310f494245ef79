-- What waits or is withheld by a rule, as far as a rule may concern it.
-- $1 broker, $2 category, $3 issuer, $4 customer; null: any    -> as release_load.sql
select r.document_id, r.attachment, r.attached_position as position,
       (extract(epoch from r.attached_at) * 1000)::int8 as attached_ms, r.contract_id, r.customer_id,
       to_char(r.recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded, r.notice,
       r.state, r.rule, r.hold_s, (extract(epoch from r.due_at) * 1000)::int8 as due_ms, r.decided_by, r.note,
       r.collapse_key, (extract(epoch from r.released_at) * 1000)::int8 as released_ms,
       d.line as document_line, c.line as contract_line, coalesce(d.vu, c.vu) as vu, c.customer_id as contract_customer
from release r
left join lateral (select line, vu from document where broker = $1 and document_id = r.document_id limit 1) d on true
left join lateral (select line, vu, customer_id from contract where broker = $1 and contract_id = r.contract_id limit 1) c on true
where r.broker = $1 and r.state in ('waiting', 'withheld') and r.decided_by is null
  and ($2::text is null or r.notice ->> 'category' = $2)
  and ($3::text is null or r.notice ->> 'insurer' = $3)
  and ($4::text is null or r.customer_id = $4 or c.customer_id = $4)
order by r.attached_at
