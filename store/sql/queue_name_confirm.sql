-- A name that a person confirmed.
-- $1 text, broker   $2 text, issuer   $3 text, key   $4 text, contract   $5 text, as it was written
-- $6 text, the person   $7 bool, meant as a pattern of the insurer's numbers
insert into contract_name (broker, issuer, key, contract_id, origin, spelling, created_by, as_pattern)
values ($1, $2, $3, $4, 'person', $5, $6, $7::bool)
