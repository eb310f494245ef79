-- What the matcher would have filed in shadow, per connection and tier, and what persons made of it.
-- $1 text, broker
--   -> connection text, tier text, documents, "right", wrong, ignored, open int8
select connection, case tier when 'none' then 'queue' else tier end as tier, count(*) as documents,
       count(*) filter (where outcome = 'right') as "right",
       count(*) filter (where outcome in ('wrong_contract', 'wrong_customer')) as wrong,
       count(*) filter (where outcome = 'ignored') as ignored,
       count(*) filter (where outcome = 'open') as open
from shadow_outcome
where broker = $1
group by connection, tier
order by connection, tier
