-- The letter that says the same as a document: what is known about it by insurer and type, and letters that arrived.
-- issuer and category are names or '*'; the most specific rule holds. The default that is shipped stands in the
-- program (events/letter.c): twin unknown, posted one working day after the document's date.
create table letter_rule (
	broker     text not null references broker,
	issuer     text not null,
	category   text not null,
	twin       text not null check (twin in ('unknown', 'yes', 'no')),
	lag_days   int not null check (lag_days between 0 and 30),  -- working days
	source     text not null,                                   -- who says so
	confidence text not null check (confidence in ('low', 'medium', 'high')),
	set_by     text not null,
	since      timestamptz not null default now(),
	primary key (broker, issuer, category)
);

-- issuer and category as they were; days: of delivery, from the document's date; null: kept, but of no use. No foreign
-- key to document: its lock would make the consumer's feedback wait for a clerk who holds the document.
create table letter_observation (
	broker      text not null references broker,
	document_id uuid not null,
	issuer      text,
	category    text not null,
	arrived_on  date not null,
	days        int,
	source      text not null,
	observed_at timestamptz not null default now(),
	primary key (broker, document_id)
);
create index letter_observation_of on letter_observation (broker, issuer, category, arrived_on, days)
	where days is not null;

-- What the letter of a document goes by (events/letter.h). The contract's postcode stands in for the document's.
create view letter_subject as
select d.broker, d.document_id, d.connection, d.shipment_id, d.state, d.reason, d.contract_id, d.decided_at, d.decided_by,
       d.received_at, d.issuer, d.business_case,
       d.facts #>> '{shipment,category}' as category, d.facts #>> '{shipment,kind}' as kind,
       coalesce(d.facts #>> '{document,created}', d.facts #>> '{transfer,created}') as document_date,
       d.facts #>> '{shipment,posted}' as posted,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received,
       coalesce(d.facts #>> '{transfer,party,postcode}',
                (select c.postcode from contract c
                 where c.broker = d.broker and c.contract_id = d.contract_id)) as postcode
from document d;
