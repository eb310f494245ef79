-- The rules about letters, and what was observed; one row for every issuer and category of either.
-- $1 text, broker
--   -> issuer text, category text, twin text, lag_days int4, source text, confidence text, by text, since text (null: no
--      rule), observations int8, median int4 (days of delivery; null: none)
select issuer, category, r.twin, r.lag_days, r.source, r.confidence, r.set_by as by,
       to_char(r.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       coalesce(o.observations, 0) as observations, o.median
from (select * from letter_rule where broker = $1) r
full join (
	select issuer, category, count(*) as observations, percentile_disc(0.5) within group (order by days) as median
	from letter_observation
	where broker = $1 and days is not null and issuer is not null and arrived_on > current_date - 365
	group by issuer, category
) o using (issuer, category)
order by issuer = '*', issuer, category = '*', category
