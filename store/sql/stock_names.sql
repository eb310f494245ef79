-- The next contracts with every name they answer to, in the order of their ids.
-- $1 text, broker   $2 text, only of this issuer; null: of all   $3 text, after this contract_id; null: from the first
-- $4 int8, how many
--   -> contract_id text, issuer text, number text, printed_number text, vu text, line text, ends_on date,
--      cancelled bool, customer_id text, name text, first_name text, birth_date date, postcode text, plate text,
--      names json ([[key, spelling, origin, as_pattern], ...] or null)
select k.contract_id, k.issuer, k.number, k.printed_number, k.vu, k.line, k.ends_on, k.cancelled, k.customer_id, k.name,
       k.first_name, k.birth_date, k.postcode, k.plate,
       (select json_agg(json_build_array(n.key, n.spelling, n.origin, n.as_pattern) order by n.key)
        from contract_name n
        where n.broker = k.broker and n.contract_id = k.contract_id and n.issuer = k.issuer) as names
from contract k
where k.broker = $1 and ($2::text is null or k.issuer = $2) and ($3::text is null or k.contract_id > $3)
order by k.contract_id
limit $4::int8
