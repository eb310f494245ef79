-- What became of the last two attachments of a document, the newest first.
-- $1 broker, $2 uuid document
--   -> state, rule, contract_id, customer_id, due_s int8 seconds from now or null, due_at text RFC 3339 or null, told bool
select state, rule, contract_id, customer_id,
       greatest(extract(epoch from due_at - statement_timestamp()), 0)::int8 as due_s,
       case when state = 'waiting' then to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as due_at,
       collapse_key is not null as told
from release
where broker = $1 and document_id = $2::uuid
order by attached_at desc
limit 2
