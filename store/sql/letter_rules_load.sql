-- All rules about letters, and how long letters took that arrived within a year, by issuer and category.
-- $1 text, broker
--   -> issuer text, category text, twin text (null: an observation), lag_days int4,
--      observations int8, median int4, least int4 (5 % quantile; days of delivery)
select issuer, category, twin, lag_days, null::int8 as observations, null::int as median, null::int as least
from letter_rule
where broker = $1
union all
select issuer, category, null, null, count(*), percentile_disc(0.5) within group (order by days),
       percentile_disc(0.05) within group (order by days)
from letter_observation
where broker = $1 and days is not null and issuer is not null and arrived_on > current_date - 365
group by issuer, category
