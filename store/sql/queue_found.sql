-- Of these documents those that wait, in the order of queue_by_lead.sql or queue_by_age.sql: for a search that finds few.
-- $1 text, broker   $2 int8, when the list began, in ms   $3 int8, lane, $4 int8, in us, place and $5 uuid, document of the last
-- one shown; lane -1: from the first   filters, null: any: $6 text, reason   $7 text, issuer   $8 text, class   $9 text, line
-- $10 text, assignee; '': nobody   $11 text, 'queued' or 'postponed'   $12 int8, how many
-- $13 uuid[], documents   $14 bool, by age
--   -> began int8, lane int8, place int8, document_id uuid
with placed as (
	select q.document_id,
	       case when $14::bool then 3 when q.letter_at is null then 1
		    when q.letter_at > timestamptz 'epoch' + $2::int8 * interval '1 ms' then 0 else 2 end::int8 as lane,
	       case when $14::bool then (extract(epoch from q.received_at) * 1000000)::int8
		    else coalesce((extract(epoch from q.letter_at) * 1000000)::int8, 0) end as place
	from unnest((select $13::uuid[])) as found (document_id)
	join queue_row q on q.broker = $1 and q.document_id = found.document_id
	where ($6::text is null or q.reason = $6) and ($7::text is null or q.issuer = $7)
	  and ($8::text is null or q.class = $8) and ($9::text is null or q.line = $9)
	  and ($10::text is null or case when $10 = '' then q.assignee is null else q.assignee = $10 end)
	  and q.put_off = ($11 = 'postponed')
)
select $2::int8 as began, lane, place, document_id
from placed
where lane > $3::int8
   or lane = $3::int8 and case when lane = 2 then (place, document_id) < ($4::int8, $5::uuid)
			       else (place, document_id) > ($4::int8, $5::uuid) end
order by lane, case when lane = 2 then -place else place end, case when lane <> 2 then document_id end, document_id desc
limit $12::int8
