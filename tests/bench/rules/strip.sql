-- Separators off, upper case; the insurer is ignored.
-- $1 text, VU   $2 text, number   -> contract_id text; filed if it is one row
select distinct contract_id from rule_name where strip = rule_strip($2) and $1::text is not null and strip <> '' limit 2
