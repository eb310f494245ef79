-- Attachments and what became of them: what waits, oldest first, before the others. The customer is who was told, or who
-- would be: the contract's of now.
-- $1 broker, $2 text[] states, $3 customer; null: any, $4 int4 how many
--   -> document_id uuid, contract_id, customer_id, insurer, category, tier, state, due text RFC 3339 or null,
--      due_s int8 seconds from now or null, released text RFC 3339 or null, rule, decided_by, note
select r.document_id, r.contract_id, w.customer_id, r.notice ->> 'insurer' as insurer, r.notice ->> 'category' as category,
       r.notice ->> 'tier' as tier, r.state, to_char(r.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as due,
       extract(epoch from r.due_at - statement_timestamp())::int8 as due_s,
       to_char(r.released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as released, r.rule, r.decided_by, r.note
from release r
left join contract c using (broker, contract_id)
cross join lateral (
	select case when r.state in ('waiting', 'withheld') and r.collapse_key is null then c.customer_id else r.customer_id end
) as w (customer_id)
where r.broker = $1 and r.state = any ($2::text[]) and ($3::text is null or w.customer_id = $3)
order by r.state <> 'waiting', r.due_at nulls last, r.attached_at
limit $4::int
