-- The names of all contracts as the rules of rules/*.sql compare them, each with the index that it wants.
create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;
create function rule_strip(text) returns text language sql immutable as
	$$ select upper(regexp_replace($1, '[^A-Za-z0-9]', '', 'g')) $$;
create function rule_digits(text) returns text language sql immutable as
	$$ select ltrim(regexp_replace($1, '[^0-9]', '', 'g'), '0') $$;
create table rule_name as
select distinct n.contract_id, c.vu, rule_strip(n.spelling) as strip, rule_digits(n.spelling) as digits,
       replace(rule_digits(n.spelling), '0', '') as no_zero
from contract_name n
join contract c using (broker, contract_id);
create index rule_strip_of on rule_name (strip);
create index rule_digits_of on rule_name (digits);
create index rule_no_zero_of on rule_name (no_zero);
create index rule_vu_of on rule_name (vu);
create index rule_trgm_of on rule_name using gin (strip gin_trgm_ops);
analyze rule_name;
