-- Documents of several contracts, the same bytes twice, and claim numbers as names.

-- The further contracts of a collective document; the first one stands in document.contract_id.
create table document_contract (
	broker      text not null,
	document_id uuid not null,
	no          int not null,                   -- from 1, in the order of the document's numbers
	contract_id text not null,
	customer_id text,
	primary key (broker, document_id, contract_id),
	foreign key (broker, document_id) references document (broker, document_id)
);
create index document_contract_of on document_contract (broker, contract_id);

-- duplicate_of: the document of the same bytes that was the news at the same contracts. remembered: false where a person
-- said that the document's claim number is not to be learned.
alter table document
	add column duplicate_of uuid,
	add column remembered   boolean not null default true;
create index document_duplicate on document (broker, duplicate_of) where duplicate_of is not null;

-- Which document was the news of these bytes at these contracts. The key decides who is first when two come at the same
-- moment. No foreign key to document: its lock would make a delivery wait for a clerk who holds the document.
create table document_first (
	broker      text not null references broker,
	sha256      text not null,
	contracts   text not null,                  -- contracts_text
	document_id uuid not null,
	primary key (broker, sha256, contracts)
);
create index document_first_of on document_first (broker, document_id);

-- All contracts of a document as one text, whatever their order.
create function contracts_text(contract_id text, more jsonb) returns text language sql immutable as $$
	select jsonb_agg(c order by c collate "C")::text
	from (select contract_id union select m ->> 'contract_id' from jsonb_array_elements(coalesce(more, '[]')) m) as t (c)
$$;

insert into document_first (broker, sha256, contracts, document_id)
select distinct on (broker, sha256, contract_id) broker, sha256, contracts_text(contract_id, null), document_id
from document
where state = 'filed' and length(sha256) = 64
order by broker, sha256, contract_id, received_at, document_id;

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
        from document_contract m where m.broker = d.broker and m.document_id = d.document_id) as more
from document d;

-- The claim numbers that a contract answers to, read off the documents that were filed to it with them, so that a name goes
-- when the document leaves. word: 3 a person or an exact number said so, 2 a reading of the number, 1 only the claim itself.
create view contract_claim as
select broker, issuer, key, contract_id, 'claim' as origin, min(decided_at) as created_at, max(decided_by) as created_by,
       max(case tier when 'person' then 3 when 'exact' then 3 when 'claim' then 1 else 2 end) as word
from (select d.broker, d.issuer, d.facts ->> 'claim' as key, d.contract_id, d.decided_at, d.decided_by, d.tier
      from document d
      where d.contract_id is not null and d.remembered
      union all
      select d.broker, d.issuer, d.facts ->> 'claim', m.contract_id, d.decided_at, d.decided_by, d.tier
      from document d
      join document_contract m on m.broker = d.broker and m.document_id = d.document_id
      where d.contract_id is not null and d.remembered) as seen
where key is not null
group by broker, issuer, key, contract_id;
