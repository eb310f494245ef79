-- Attachments and what became of them: what waits, oldest first, before the others.
-- $1 broker, $2 text[] states, $3 customer; null: any, $4 int4 how many
--   -> document_id uuid, contract_id, customer_id, insurer, category, tier, state, due text RFC 3339 or null,
--      due_s int8 seconds from now or null, released text RFC 3339 or null, rule, decided_by, note
select document_id, contract_id, customer_id, notice ->> 'insurer' as insurer, notice ->> 'category' as category,
       notice ->> 'tier' as tier, state, to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as due,
       extract(epoch from due_at - statement_timestamp())::int8 as due_s,
       to_char(released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as released, rule, decided_by, note
from release
where broker = $1 and state = any ($2::text[]) and ($3::text is null or customer_id = $3)
order by state <> 'waiting', due_at nulls last, attached_at
limit $4::int
