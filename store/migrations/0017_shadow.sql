-- What the matcher would have filed while it only watched (configuration key shadow).

-- {"tier": "none"}: it would have waited; {"tier", "contract_id", "customer_id", "more": [{"contract_id", "customer_id"}]}:
-- it would have been filed there. Null: never decided in shadow.
alter table document add column shadow jsonb;
create index document_shadow on document (broker, issuer) where shadow is not null;

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
       d.shadow
from document d;

-- One row a document that was decided in shadow, beside what a person did with it. outcome: right (the very contracts),
-- wrong_contract (the same customer's), wrong_customer (also where nobody knows whose), ignored, open. in_top: the right
-- one was among the first three that the person saw.
create view shadow_outcome as
select d.broker, d.connection, d.issuer, d.shadow ->> 'tier' as tier,
       case when d.state = 'ignored' then 'ignored'
            when d.state <> 'filed' or d.tier <> 'person' then 'open'
            when d.shadow ->> 'tier' = 'none' then 'waited'
            when contracts_text(d.contract_id, d.more) = contracts_text(d.shadow ->> 'contract_id', d.shadow -> 'more')
            then 'right'
            when exists (select from jsonb_array_elements(d.filed_at) f
                         where f ->> 'customer_id' is null
                            or f ->> 'customer_id' not in (select p ->> 'customer_id' from jsonb_array_elements(d.person_at) p
                                                           where p ->> 'customer_id' is not null))
            then 'wrong_customer'
            else 'wrong_contract' end as outcome,
       d.state = 'filed' and d.tier = 'person'
       and coalesce(d.contract_id in (d.candidates ->> 0, d.candidates ->> 1, d.candidates ->> 2), false) as in_top
from (select *,
             jsonb_build_array(jsonb_build_object('customer_id', customer_id)) || coalesce(more, '[]') as person_at,
             jsonb_build_array(jsonb_build_object('customer_id', shadow ->> 'customer_id'))
             || coalesce(shadow -> 'more', '[]') as filed_at
      from document_read
      where shadow is not null) as d;
