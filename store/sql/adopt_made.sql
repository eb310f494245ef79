-- The contracts that people made and no stock has brought yet, a row for each number.
-- $1 text, broker
--   -> contract_id text, line text, starts_on date, ends_on date, customer_id text, name text, first_name text, birth_date date,
--      issuer text, key text, spelling text
select c.contract_id, c.line, c.starts_on, c.ends_on, c.customer_id, c.name, c.first_name, c.birth_date, n.issuer, n.key, n.spelling
from contract c
join contract_name n on n.broker = c.broker and n.contract_id = c.contract_id
where c.broker = $1 and c.source = 'person' and n.origin in ('system', 'printed', 'other')
order by c.contract_id, n.issuer, n.key
