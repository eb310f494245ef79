-- How much waits, among what a search or a colleague has: reads what waits. queue_counts.sql knows the rest from the tally.
-- $1 text, broker   filters, null: any: $2 text, reason   $3 text, issuer   $4 text, class   $5 text, line
-- $6 text[], patterns of LIKE, or $9 tsquery, words (search_terms.sql)   $7 text, assignee; '': nobody   $8 text, who asks
--   -> counts jsonb {queued, postponed, mine, oldest_s, by_reason: [{code, count}], by_insurer: [{key, count}]}
with found as materialized (
	select document_id from queue_find($1, $6::text[], $9::tsquery, $2, $3, $4, $5, null) as f (document_id)
	where $6::text[] is not null
), waiting as materialized (
	select reason, issuer, put_off, coalesce(assignee = $8, false) as mine, count(*) as documents, min(received_at) as oldest
	from queue_row
	where broker = $1
	  and ($2::text is null or reason = $2) and ($3::text is null or issuer = $3)
	  and ($4::text is null or class = $4) and ($5::text is null or line = $5)
	  and ($6::text[] is null or document_id in (select document_id from found))
	  and ($7::text is null or case when $7 = '' then assignee is null else assignee = $7 end)
	group by 1, 2, 3, 4
), queued as (
	select * from waiting where not put_off
), by_reason as (
	select reason, sum(documents)::int8 as documents from queued group by 1
), by_insurer as (
	select issuer, sum(documents)::int8 as documents from queued group by 1
)
select jsonb_build_object(
	'queued', coalesce((select sum(documents) from queued), 0)::int8,
	'postponed', coalesce((select sum(documents) from waiting where put_off), 0)::int8,
	'mine', coalesce((select sum(documents) from queued where mine), 0)::int8,
	'oldest_s', (select extract(epoch from statement_timestamp() - min(oldest))::int8 from queued),
	'by_reason', (select coalesce(jsonb_agg(jsonb_build_object('code', reason, 'count', documents)
						 order by documents desc, reason), '[]') from by_reason),
	'by_insurer', (select coalesce(jsonb_agg(jsonb_build_object('key', issuer, 'count', documents)
						  order by documents desc, issuer), '[]') from by_insurer)) as counts
