-- Of these documents those that wait, in the order of queue_by_insurer.sql: for a search that finds few.
-- $1 text, broker   $2 int8, when the list began, in ms   $3 int8, lane, $4 text, place and $5 uuid, document of the last
-- one shown; lane -1: from the first   filters, null: any: $6 text, reason   $7 text, issuer   $8 text, class   $9 text, line
-- $10 text, assignee; '': nobody   $11 text, 'queued' or 'postponed'   $12 int8, how many   $13 uuid[], documents
--   -> began int8, lane int8, place text, document_id uuid
select $2::int8 as began, 4::int8 as lane, q.issuer as place, q.document_id
from unnest((select $13::uuid[])) as found (document_id)
join queue_row q on q.broker = $1 and q.document_id = found.document_id
where ($3::int8 <> 4 or (q.issuer, q.document_id) > ($4, nullif($5, '')::uuid))
  and ($6::text is null or q.reason = $6) and ($7::text is null or q.issuer = $7)
  and ($8::text is null or q.class = $8) and ($9::text is null or q.line = $9)
  and ($10::text is null or case when $10 = '' then q.assignee is null else q.assignee = $10 end)
  and q.put_off = ($11 = 'postponed')
order by q.issuer, q.document_id
limit $12::int8
