-- Separators off, upper case, within one VU.
-- $1 text, VU   $2 text, number   -> contract_id text; filed if it is one row
select distinct contract_id from rule_name where strip = rule_strip($2) and vu = $1 and strip <> '' limit 2
