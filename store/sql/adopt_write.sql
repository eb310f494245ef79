-- Contracts that people made are the stock's from now on, under the ids that they have. A number of theirs that the stock does not know
-- stays a name (former), since when it was one. Who is gone meanwhile is not in the answer.
-- $1 text, broker   $2 text[], what the stock calls them   $3 text[], contracts
-- $4 text[], contracts   $5 text[], issuers   $6 text[], keys: the names that the stock does not know
--   -> contract_id text: those that were adopted
with made as materialized (
	select p.stock_id, c.contract_id
	from unnest($2::text[], $3::text[]) as p (stock_id, contract_id)
	join contract c on c.broker = $1 and c.contract_id = p.contract_id
	where c.source = 'person'
	for no key update of c
), noted as (
	insert into contract_adopted (broker, stock_id, contract_id)
	select $1, stock_id, contract_id from made
), kept as (
	update contract_name n set origin = 'former'
	from unnest($4::text[], $5::text[], $6::text[]) as k (contract_id, issuer, key)
	where n.broker = $1 and n.issuer = k.issuer and n.key = k.key and n.contract_id = k.contract_id
	  and n.origin in ('system', 'printed', 'other') and k.contract_id in (select contract_id from made)
)
update contract c set source = null, changed_at = now()
from made m
where c.broker = $1 and c.contract_id = m.contract_id
returning c.contract_id
