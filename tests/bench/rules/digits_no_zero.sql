-- Digits only, all zeros off; the insurer is ignored.
-- $1 text, VU   $2 text, number   -> contract_id text; filed if it is one row
select distinct contract_id from rule_name
where no_zero = replace(rule_digits($2), '0', '') and $1::text is not null and no_zero <> '' limit 2
