-- Contracts whose holder's name begins so, in the order of names.
-- $1 text, broker   $2 text, surname or company   $3 text and $4 text, another reading: surname and first name; null: none
-- $5 text, issuer or null   $6 text, $7 text, $8 text: folded name, customer and contract of the last one shown; '' each:
-- from the first   $9 int8, how many
--   -> folded text, customer text ('' for none), contract_id text, item json (contract_card)
with asked as (
	select name_fold($2) as surname, '' as first_name
	union all
	select name_fold($3), name_fold($4) where $3::text is not null
), found as (
	select distinct f.folded, f.customer, f.contract_id
	from asked a
	cross join lateral (
		select name_fold(c.name) collate "C" as folded, coalesce(c.customer_id, '') collate "C" as customer,
		       c.contract_id collate "C" as contract_id
		from contract_mine c
		where c.broker = $1 and c.name is not null and name_fold(c.name) collate "C" >= a.surname
		  and name_fold(c.name) collate "C" < a.surname || chr(1114111)
		  and (name_fold(c.name) collate "C", coalesce(c.customer_id, '') collate "C", c.contract_id collate "C")
		      > ($6, $7, $8)
		  and starts_with(name_fold(coalesce(c.first_name, '')), a.first_name)
		  and ($5::text is null or c.issuer = $5)
		order by 1, 2, 3
		limit $9::int8) f
)
select f.folded, f.customer, f.contract_id, contract_card(c) as item
from found f
join contract c on c.broker = $1 and c.contract_id = f.contract_id
order by f.folded collate "C", f.customer collate "C", f.contract_id collate "C"
limit $9::int8
