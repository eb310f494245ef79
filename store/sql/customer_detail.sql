-- A customer with at most 200 contracts, how many documents are filed to all of them, and whether he can be pushed.
-- $1 text, broker   $2 text, customer_id
--   -> item json; no row if no contract names the customer
select json_build_object(
	'customer_id', $2::text,
	'holder', (select contract_holder(c) from contract c where c.broker = $1 and c.customer_id = $2
		   order by c.changed_at desc, c.contract_id limit 1),
	'contracts', (select json_agg(contract_card(c) order by c.contract_id)
		      from (select * from contract where broker = $1 and customer_id = $2 order by contract_id limit 200) as k
		      join contract c on c.broker = $1 and c.contract_id = k.contract_id),
	'documents', (select count(*)
		      from (select d.document_id from contract c
			    join document d on d.broker = $1 and d.contract_id = c.contract_id
			    where c.broker = $1 and c.customer_id = $2
			    union
			    select m.document_id from contract c
			    join document_contract m on m.broker = $1 and m.contract_id = c.contract_id
			    where c.broker = $1 and c.customer_id = $2) as filed),
	'reachable', said.type = 'reachability.gained',
	'reachable_since', utc_text(said.happened_at)) as item
from (select) as one
left join lateral (
	select type, happened_at from feedback
	where broker = $1 and customer_id = $2 and type in ('reachability.gained', 'reachability.lost')
	order by happened_at desc, id desc
	limit 1) as said on true
where exists (select from contract where broker = $1 and customer_id = $2)
