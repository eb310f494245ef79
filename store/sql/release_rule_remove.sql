-- Remove a rule.
-- $1 broker, $2 int8 rule    -> category, issuer, customer: what it spoke of; no row: there is none
delete from release_rule
where broker = $1 and rule_id = $2::int8
returning category, issuer, customer_id as customer
