-- Digits only, leading zeros off; the insurer is ignored.
-- $1 text, VU   $2 text, number   -> contract_id text; filed if it is one row
select distinct contract_id from rule_name where digits = rule_digits($2) and $1::text is not null and digits <> '' limit 2
