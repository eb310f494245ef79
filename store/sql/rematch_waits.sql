-- What is to be matched again.
-- $1 text, broker   -> due int8 (that may be begun now), all int8
select count(*) filter (where not_before <= clock_timestamp()) as due, count(*) as all
from rematch_due
where broker = $1
