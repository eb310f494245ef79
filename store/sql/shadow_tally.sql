-- What the matcher would have done in shadow beside what persons did, per insurer and tier ("none": it would have waited).
-- $1 text, broker
--   -> issuer text, tier text, documents, "right", wrong_contract, wrong_customer, waited, in_top, ignored, open int8
select issuer, tier, count(*) as documents,
       count(*) filter (where outcome = 'right') as "right",
       count(*) filter (where outcome = 'wrong_contract') as wrong_contract,
       count(*) filter (where outcome = 'wrong_customer') as wrong_customer,
       count(*) filter (where outcome = 'waited') as waited,
       count(*) filter (where outcome = 'waited' and in_top) as in_top,
       count(*) filter (where outcome = 'ignored') as ignored,
       count(*) filter (where outcome = 'open') as open
from shadow_outcome
where broker = $1
group by issuer, tier
order by issuer, tier
