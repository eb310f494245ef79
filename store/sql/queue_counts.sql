-- How much waits, out of the tally; what is put off and who has what out of the desk.
-- $1 text, broker   filters, null: any: $2 text, reason   $3 text, issuer   $4 text, class   $5 text, line
-- $6 text, who asks
--   -> counts jsonb {queued, postponed, mine, oldest_s, by_reason: [{code, count}], by_insurer: [{key, count}]}
with aside as materialized (
	select d.reason, d.issuer, count(*) as documents
	from desk k
	join document d on d.broker = $1 and d.document_id = k.document_id
	where k.broker = $1 and k.postponed_until > statement_timestamp() and d.state = 'queued'
	  and ($2::text is null or d.reason = $2) and ($3::text is null or d.issuer = $3)
	  and ($4::text is null or d.class = $4) and ($5::text is null or d.line = $5)
	group by 1, 2
), waiting as (
	select reason, issuer, sum(documents)::int8 as documents
	from document_tally
	where broker = $1 and state = 'queued'
	  and ($2::text is null or reason = $2) and ($3::text is null or issuer = $3)
	  and ($4::text is null or class = $4) and ($5::text is null or line = $5)
	group by 1, 2
), queued as materialized (
	select w.reason, w.issuer, w.documents - coalesce(a.documents, 0) as documents
	from waiting w
	left join aside a on a.reason = w.reason and a.issuer = w.issuer
	where w.documents > coalesce(a.documents, 0)
), by_reason as (
	select reason, sum(documents)::int8 as documents from queued group by 1
), by_insurer as (
	select issuer, sum(documents)::int8 as documents from queued group by 1
)
select jsonb_build_object(
	'queued', coalesce((select sum(documents) from queued), 0)::int8,
	'postponed', coalesce((select sum(documents) from aside), 0)::int8,
	'mine', (select count(*)
		 from desk k
		 join document d on d.broker = $1 and d.document_id = k.document_id
		 where k.broker = $1 and k.assignee = $6 and d.state = 'queued'
		   and not coalesce(k.postponed_until > statement_timestamp(), false)
		   and ($2::text is null or d.reason = $2) and ($3::text is null or d.issuer = $3)
		   and ($4::text is null or d.class = $4) and ($5::text is null or d.line = $5)),
	'oldest_s', case when exists (select from queued) then
		(select extract(epoch from statement_timestamp() - received_at)::int8
		 from queue_row
		 where broker = $1 and not put_off
		   and ($2::text is null or reason = $2) and ($3::text is null or issuer = $3)
		   and ($4::text is null or class = $4) and ($5::text is null or line = $5)
		 order by received_at, document_id limit 1) end,
	'by_reason', (select coalesce(jsonb_agg(jsonb_build_object('code', reason, 'count', documents)
						 order by documents desc, reason), '[]') from by_reason),
	'by_insurer', (select coalesce(jsonb_agg(jsonb_build_object('key', issuer, 'count', documents)
						  order by documents desc, issuer), '[]') from by_insurer)) as counts
