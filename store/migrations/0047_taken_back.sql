-- Contracts from which a person took the document back: the matcher does not file it there again, whatever its numbers say.
alter table document add column taken_back text[] not null default '{}';

create or replace view document_read as
select d.broker, d.document_id, d.connection,
       (select c.issuer from connection c
        where c.broker = d.broker and c.connection = d.connection) as connection_issuer,
       d.shipment_id, d.transfer_no, d.file_no, d.name, d.declared_type, d.media_type, d.size, d.sha256, d.issuer,
       d.vu, d.business_case, d.line, d.numbers, d.facts, d.state, d.contract_id, d.customer_id, d.tier, d.reason,
       d.evidence, d.candidates,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received_at,
       to_char(d.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as decided_at,
       d.decided_by, d.version, d.duplicate_of, d.remembered,
       (select coalesce(jsonb_agg(jsonb_build_object('contract_id', m.contract_id, 'customer_id', m.customer_id)
                                  order by m.no), '[]')
        from document_contract m where m.broker = d.broker and m.document_id = d.document_id) as more,
       d.shadow, array_to_json(d.taken_back) as taken_back
from document d;

select web_protect();
