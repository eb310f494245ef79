-- Take the oldest thing to be matched again that nobody works at, for this transaction; what failed stands behind all that failed less often. One that was not begun takes with it the
-- later ones of its issuer that were not begun either. Only who decides by the rules that were noticed last may take one.
-- $1 text, broker   $2 text, digest of all rules   $3 bool, also before its time
--   -> due_id int8, issuer text, why text, rekey bool, contract_after text, document_after uuid; no row: nothing
with taken as (
	select broker, due_id, issuer, why, rekey, contract_after, document_after
	from rematch_due
	where broker = $1 and ($3::boolean or not_before <= clock_timestamp())
	  and exists (select from insurer_rules r where r.broker = $1 and r.issuer = '*' and r.digest = $2)
	order by failures, due_id
	limit 1
	for update skip locked
), others as (
	select d.broker, d.due_id, d.rekey
	from rematch_due d
	join taken t on t.broker = d.broker and t.issuer = d.issuer and d.due_id > t.due_id
	where t.contract_after is null and t.document_after is null
	  and d.contract_after is null and d.document_after is null
	for update of d skip locked
), joined as (
	delete from rematch_due d using others o where d.broker = o.broker and d.due_id = o.due_id
)
select due_id, issuer, why, rekey or exists (select from others where others.rekey) as rekey,
       contract_after, document_after
from taken
