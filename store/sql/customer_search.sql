-- Customers of this id, then those whose name begins so, in the order of names; each once.
-- $1 text, broker   $2 text, id   $3 text, surname or company   $4 text and $5 text, another reading: surname and first name;
-- null: none   $6 text and $7 text, folded name and id of the last one shown; '' each: from the first   $8 int8, how many
--   -> folded text ('' for an id), customer_id text, item json
with asked as (
	select name_fold($3) as surname, '' as first_name
	union all
	select name_fold($4), name_fold($5) where $4::text is not null
), named as (
	select f.folded, f.customer_id
	from asked a
	cross join lateral (
		select name_fold(c.name) collate "C" as folded, coalesce(c.customer_id, '') collate "C" as customer_id
		from contract_mine c
		where c.broker = $1 and c.name is not null and name_fold(c.name) collate "C" >= a.surname
		  and name_fold(c.name) collate "C" < a.surname || chr(1114111)
		  and (name_fold(c.name) collate "C", coalesce(c.customer_id, '') collate "C") > ($6, $7)
		  and starts_with(name_fold(coalesce(c.first_name, '')), a.first_name)
		  and coalesce(c.customer_id, '') not in ('', $2)
		  and not exists (select from contract_mine m
				  where m.broker = $1 and m.customer_id = c.customer_id
				    and name_fold(m.name) collate "C" >= a.surname
				    and name_fold(m.name) collate "C" < name_fold(c.name)
				    and starts_with(name_fold(coalesce(m.first_name, '')), a.first_name))
		group by 1, 2
		order by 1, 2
		limit $8::int8) f
), found as (
	select '' collate "C" as folded, customer_id collate "C" as customer_id
	from contract where broker = $1 and customer_id = $2 and ('', customer_id) > ($6, $7)
	union
	select folded, customer_id from named
)
select f.folded, f.customer_id,
       json_build_object('customer_id', f.customer_id, 'holder', contract_holder(c),
			 'contracts', (select count(*) from contract k where k.broker = $1 and k.customer_id = f.customer_id)) as item
from found f
cross join lateral (
	select k.* from contract k
	where k.broker = $1 and k.customer_id = f.customer_id
	order by (f.folded = '' or name_fold(k.name) = f.folded) desc, k.changed_at desc, k.contract_id
	limit 1) c
order by f.folded collate "C", f.customer_id collate "C"
limit $8::int8
