-- What is missing of the protection that keeps brokers apart (the migration web_role), a sentence each. None: it holds.
-- The views that may answer with their owner's rights are named here once more, so that none becomes one by an option alone.
-- $1 text, role of the API    -> missing text
with role as (
	select oid, rolsuper or rolbypassrls as free from pg_roles where rolname = $1
),
reached as (
	select c.oid, c.relname, c.relkind, c.relowner, c.relrowsecurity, c.reloptions
	from pg_class c, role r
	where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v')
		and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')
)
select format('there is no role %s', $1) as missing where not exists (select from role)
union all
select format('the role %s is a superuser or has bypassrls: policies do not hold it', $1) from role where free
union all
select format('%s is no member of the role %s', current_user, $1) from role where not pg_has_role(oid, 'member')
union all
select format('the role %s has the rights of the tables'' owner: policies do not hold it', $1)
from role r where exists (select from reached c where c.relkind <> 'v' and pg_has_role(r.oid, c.relowner, 'usage'))
union all
select format('no policy on %s', string_agg(relname, ', ' order by relname))
from reached c
where relkind <> 'v'
	and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'broker' and not a.attisdropped)
	and not (relrowsecurity
		and (select count(*) = 1 and bool_and(pg_get_expr(p.polqual, p.polrelid) = '(broker = current_setting(''vorpost.broker''::text, true))')
		     from pg_policy p where p.polrelid = c.oid))
having count(*) > 0
union all
select format('no security_invoker on the view %s', string_agg(relname, ', ' order by relname))
from reached
where relkind = 'v' and relname not in ('contract_mine', 'contract_name_mine', 'document_mine')
	and not coalesce(reloptions, '{}') && '{security_invoker=true, security_invoker=on}'
having count(*) > 0
