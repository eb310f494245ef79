-- The broker's own rules, the most specific first.
-- $1 broker    -> rule_id int8, category, issuer, customer_id, verb, hold_minutes text, note, created_by, since text RFC 3339
select rule_id, category, issuer, customer_id, verb, trim_scale(hold_s / 60.0)::text as hold_minutes, note, created_by,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
from release_rule
where broker = $1
order by customer_id is null, issuer is null, category is null, rule_id
