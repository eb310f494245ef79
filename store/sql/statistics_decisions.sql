-- How long people took for what they decided in some days: from the first look of the one who decided. What nobody looked at before, as
-- one of many or over the API, is not counted.
-- $1 text, broker   $2 timestamptz and $3 timestamptz, from and before   $4 text, issuer or null
--   -> median float8, p95 float8 (seconds; null: nothing was decided)
select percentile_cont(0.5) within group (order by taken_s) as median,
       percentile_cont(0.95) within group (order by taken_s) as p95
from (select extract(epoch from n.decided_at - seen.at)::float8 as taken_s
      from decision n
      join lateral (select a.at from audit a
	where a.broker = $1 and a.object = n.document_id::text and a.action = 'document.viewed' and a.name = n.decided_by
	order by a.audit_id limit 1) as seen on seen.at <= n.decided_at
      where n.broker = $1 and n.decided_at >= $2::timestamptz and n.decided_at < $3::timestamptz
	and n.action in ('assign', 'create', 'ignore')
	and ($4::text is null or exists (select from document d
		where d.broker = $1 and d.document_id = n.document_id and d.issuer = $4))) as decided
