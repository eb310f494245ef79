-- The nearest name by edit distance, at most two, within one VU.
-- $1 text, VU   $2 text, number   -> contract_id text; filed if it is one row
with near as (
	select contract_id, levenshtein_less_equal(strip, rule_strip($2), 2) as far
	from rule_name
	where vu = $1 and length(strip) between length(rule_strip($2)) - 2 and length(rule_strip($2)) + 2
)
select distinct contract_id from near where far <= 2 and far = (select min(far) from near) limit 2
