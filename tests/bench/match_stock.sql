-- The stock of ./run bench match: :contracts contracts in runs of ten, at ten issuers, each with its canonical key.
-- Sourced by psql into a database that vorpost init has made; indexes and keys are checked after, not row by row.
set session_replication_role = replica;
set maintenance_work_mem = '256MB';
create temporary table later as
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made_by
from pg_index where indrelid in ('contract'::regclass, 'contract_name'::regclass) and not indisprimary;
select format('drop index %s', name) from later \gexec
create temporary table made as
select i, 'C' || i as contract_id,
       case when i / 10 % 10 = 0 then 'allianz' else 'vu:97' || lpad((i / 10 % 10)::text, 2, '0') end as issuer,
       case when i / 10 % 10 = 0 then '5312' else '97' || lpad((i / 10 % 10)::text, 2, '0') end as vu,
       case when i / 10 % 10 = 0 then 'AS' else '' end
         || lpad((i / 10 * 982451653 % 1000000007 * 10 + i % 10)::text, 10, '0') as key
from generate_series(1::bigint, :contracts) i;
insert into contract (broker, contract_id, issuer, vu, number, line, customer_id, name, first_name, birth_date, postcode)
select 'bench', contract_id, issuer, vu, key, '050', 'K' || i / 2, 'Name' || i % 5000, 'Anna',
       date '1950-01-01' + (i % 20000)::int, lpad((i % 90000)::text, 5, '0')
from made;
insert into contract_name (broker, issuer, key, contract_id, origin, spelling)
select 'bench', issuer, key, contract_id, 'system', key from made order by issuer, key;
drop table made;
select made_by from later \gexec
reset session_replication_role;
vacuum analyze contract;
vacuum analyze contract_name;
