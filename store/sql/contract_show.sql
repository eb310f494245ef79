-- The contract of this id, else those that answer to this key at any insurer; at most 20. Issuers are stepped through by
-- the index, so that the key is looked up once for each.
-- $1 text, broker   $2 text, contract_id   $3 text, key
--   -> the contract's columns, times in RFC 3339
with recursive issuer (issuer) as (
	(select n.issuer from contract_name n where n.broker = $1 order by n.issuer limit 1)
	union all
	select (select n.issuer from contract_name n where n.broker = $1 and n.issuer > i.issuer order by n.issuer limit 1)
	from issuer i where i.issuer is not null
), asked as (
	select c.contract_id from contract c where c.broker = $1 and c.contract_id = $2
), named as (
	select distinct n.contract_id
	from issuer i
	join contract_name n on n.broker = $1 and n.issuer = i.issuer and n.key = $3
	where not exists (select from asked)
	limit 20
)
select c.contract_id, c.issuer, c.vu, c.number, c.printed_number, c.line, c.starts_on, c.ends_on, c.cancelled, c.customer_id,
       c.name, c.first_name, c.birth_date, c.postcode, c.plate, c.application_number, c.broker_number, c.source,
       to_char(c.imported_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as imported_at,
       to_char(c.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as changed_at,
       to_char(c.vanished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as vanished_at
from (select * from asked union all select * from named) a
join contract c on c.broker = $1 and c.contract_id = a.contract_id
order by c.issuer, c.contract_id
