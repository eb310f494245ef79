-- The stock of ./run bench match: :contracts contracts in runs of ten, at ten issuers, each with its canonical key.
-- Sourced by psql into a database that vorpost init has made; indexes and keys are checked after, not row by row.
set session_replication_role = replica;
drop index contract_by_birth_date, contract_by_plate, contract_by_postcode, contract_name_of;
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
select 'bench', issuer, key, contract_id, 'system', key from made;
drop table made;
create index contract_by_birth_date on contract (broker, issuer, birth_date) where birth_date is not null;
create index contract_by_plate on contract (broker, issuer, upper(translate(plate, ' -.', ''))) where plate is not null;
create index contract_by_postcode on contract (broker, issuer, postcode) where postcode is not null;
create index contract_name_of on contract_name (broker, contract_id);
reset session_replication_role;
vacuum analyze contract;
vacuum analyze contract_name;
