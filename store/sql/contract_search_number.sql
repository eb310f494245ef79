-- Contracts of this id, this customer, a holder born that day or a plate that begins so, then those with a number that begins so, in
-- the order of their numbers. A contract that answers to several such numbers comes once, at the first.
-- $1 text, broker   $2 text, id   $3 text, key or the beginning of one (normalizers/key.h); null: none   $4 text, issuer or null
-- $5 text and $6 text, key and contract_id of the last one shown; '' and '': from the first   $7 int8, how many
-- $8 date, birth date or null   $9 text, beginning of a plate in any spelling, or null
--   -> key text ('' for what is no number), contract_id text, item json (contract_card)
with recursive issuers as (
	(select issuer from contract_mine where $8::date is not null and broker = $1 and birth_date is not null order by issuer limit 1)
	union all
	select (select c.issuer from contract_mine c
		where c.broker = $1 and c.birth_date is not null and c.issuer > i.issuer order by c.issuer limit 1)
	from issuers i
	where i.issuer is not null
), born as (
	select c.contract_id
	from issuers i
	join contract_mine c on c.broker = $1 and c.issuer = i.issuer and c.birth_date = $8::date
), plated as (
	select contract_id from contract_mine
	where $9::text is not null and broker = $1 and plate is not null
	  and upper(translate(plate, ' -.', '')) collate "C" >= upper(translate($9, ' -.', ''))
	  and upper(translate(plate, ' -.', '')) collate "C" < upper(translate($9, ' -.', '')) || chr(1114111)
), known as materialized (
	select '' as key, contract_id
	from contract
	where broker = $1 and (contract_id = $2 or customer_id = $2)
	union
	select '', contract_id from born
	union
	select '', contract_id from plated
), numbered as materialized (
	select n.key collate "C" as key, n.contract_id
	from contract_name n
	where n.broker = $1 and n.key collate "C" >= $3 and n.key collate "C" < $3 || chr(1114111)
	  and (n.key collate "C", n.contract_id) > ($5, $6)
	  and ($4::text is null or n.issuer = $4)
	  and not exists (select from known k where k.contract_id = n.contract_id)
	  and not exists (select from contract_name m
			  where m.broker = $1 and m.contract_id = n.contract_id and m.key collate "C" >= $3
			    and m.key collate "C" < n.key)
	order by n.key collate "C", n.contract_id
	limit $7::int8
), found as (
	select key, contract_id from known where (key, contract_id) > ($5, $6)
	union all
	select key, contract_id from numbered
)
select f.key, f.contract_id, contract_card(c) as item
from (select distinct key collate "C" as key, contract_id from found) f
join contract c on c.broker = $1 and c.contract_id = f.contract_id and ($4::text is null or c.issuer = $4)
order by f.key collate "C", f.contract_id
limit $7::int8
