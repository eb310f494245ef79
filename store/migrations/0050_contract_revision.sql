-- What was taken from a contract so far: a name, a document. Whoever decided by what it had before decides anew (document_change.sql,
-- delivery_record.sql).
alter table contract add column revision int not null default 0;

create or replace view contract_mine with (security_invoker = false) as
select * from contract where broker = current_setting('vorpost.broker', true) or current_user <> 'vorpost_web';

select web_protect();
