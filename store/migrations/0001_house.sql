-- The house: connections, shipments, documents, contracts and their names, decisions, events, endpoints.
-- The broker (tenant) comes first in every key. No triggers, no advisory locks, no deferrable constraints.

create table broker (
	broker     text primary key,
	created_at timestamptz not null default now()
);

-- One insurer endpoint with one credential. The lease says who works on it: lease_fence grows with every
-- claim and is named in every write that follows from it, so that a worker that lost the lease cannot write.
create table connection (
	broker           text not null references broker,
	connection       text not null,
	issuer           text not null,             -- key of the insurer file
	sts_url          text not null,
	transfer_url     text not null,
	username         text,
	secret_file      text,                      -- path; the secret itself is never stored
	ca_file          text,                      -- null: the system's certificates
	consumer_id      text,
	poll_interval_s  int,                       -- null: the insurer file's
	state            text not null default 'active' check (state in ('active', 'paused')),
	pause_reason     text,
	due_at           timestamptz not null default now(),
	lease_owner      text,                      -- base/holder.h
	lease_fence      bigint not null default 0,
	lease_until      timestamptz,
	last_attempt_at  timestamptz,
	last_success_at  timestamptz,
	last_error       text,
	failures         int not null default 0,    -- in a row
	created_at       timestamptz not null default now(),
	primary key (broker, connection)
);

-- listed -> stored -> acknowledged, or quarantined.
create table shipment (
	broker           text not null,
	connection       text not null,
	shipment_id      text not null,
	state            text not null default 'listed'
			 check (state in ('listed', 'stored', 'acknowledged', 'quarantined')),
	category         text,
	posted           text,                      -- as delivered
	available_until  text,                      -- as delivered
	attempts         int not null default 0,
	refusal          text,                      -- the sentence, if quarantined or deferred
	refusal_code     text,
	raw_sha256       text,                      -- the whole HTTP answer, in the document store
	raw_content_type text,
	facts            jsonb,                     -- {shipment, transfers, warnings}: the reader's facts
	first_listed_at  timestamptz not null default now(),
	last_listed_at   timestamptz not null default now(),
	stored_at        timestamptz,
	acknowledged_at  timestamptz,
	primary key (broker, connection, shipment_id),
	foreign key (broker, connection) references connection (broker, connection)
);
create index shipment_open on shipment (broker, connection, first_listed_at)
	where state in ('listed', 'stored', 'quarantined');

create table contract (
	broker             text not null references broker,
	contract_id        text not null,
	issuer             text not null,
	vu                 text,
	number             text,
	printed_number     text,
	line               text,
	starts_on          date,
	ends_on            date,
	cancelled          boolean not null default false,
	customer_id        text,
	name               text,
	first_name         text,
	birth_date         date,
	postcode           text,
	plate              text,
	application_number text,
	imported_at        timestamptz not null default now(),
	changed_at         timestamptz not null default now(),
	primary key (broker, contract_id)
);

-- Every name that a contract answers to: the heart of the matcher.
create table contract_name (
	broker      text not null,
	issuer      text not null,
	key         text not null,                  -- canonical form, normalizers/key.h
	contract_id text not null,
	origin      text not null check (origin in ('system', 'printed', 'other', 'application', 'person')),
	spelling    text not null,                  -- as it was written
	created_at  timestamptz not null default now(),
	created_by  text,                           -- the person, for origin 'person'
	primary key (broker, issuer, key, contract_id),
	foreign key (broker, contract_id) references contract (broker, contract_id)
);
create index contract_name_of on contract_name (broker, contract_id);

create table document (
	broker        text not null,
	document_id   uuid not null,
	connection    text not null,
	shipment_id   text not null,
	transfer_no   int not null,                 -- from 1
	file_no       int not null,                 -- from 1; 0: the data of a transfer without files
	name          text,
	declared_type text,
	media_type    text not null,
	size          bigint not null,
	sha256        text not null,
	issuer        text not null,
	vu            text,
	business_case text,
	line          text,
	numbers       jsonb not null,               -- [{kind, value, path}] as delivered
	facts         jsonb not null,               -- the rest of the reader's facts about this document
	state         text not null check (state in ('filed', 'queued', 'ignored')),
	contract_id   text,
	customer_id   text,
	tier          text not null,
	reason        text not null,
	evidence      jsonb not null,               -- [{says, against}]
	candidates    jsonb not null,               -- contract ids, best first
	received_at   timestamptz not null default now(),
	decided_at    timestamptz not null default now(),
	decided_by    text,                         -- null: the matcher
	version       int not null default 1,       -- compare-and-swap of decisions
	primary key (broker, document_id),
	unique (broker, connection, shipment_id, transfer_no, file_no),
	foreign key (broker, connection, shipment_id) references shipment (broker, connection, shipment_id),
	check ((state = 'filed') = (contract_id is not null))
);
create index document_queue on document (broker, received_at) where state = 'queued';
create index document_bytes on document (broker, sha256);
create index document_of_contract on document (broker, contract_id) where contract_id is not null;
-- Of which contracts was a claim heard before? (facts.claim is the key of the claim number)
create index document_of_claim on document (broker, issuer, (facts ->> 'claim')) where contract_id is not null;

-- A document as matcher/stored.c reads it, times in RFC 3339. The issuer of the connection is a sub-select and
-- not a join, so that `for update` locks the document alone.
create view document_read as
select d.broker, d.document_id, d.connection,
       (select c.issuer from connection c
        where c.broker = d.broker and c.connection = d.connection) as connection_issuer,
       d.shipment_id, d.transfer_no, d.file_no, d.name, d.declared_type, d.media_type, d.size, d.sha256, d.issuer,
       d.vu, d.business_case, d.line, d.numbers, d.facts, d.state, d.contract_id, d.customer_id, d.tier, d.reason,
       d.evidence, d.candidates,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received_at,
       to_char(d.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as decided_at,
       d.decided_by, d.version
from document d;

-- What a person decided, for ever.
create table decision (
	broker      text not null,
	decision_id uuid not null,
	document_id uuid not null,
	action      text not null check (action in ('assign', 'ignore', 'undo')),
	contract_id text,
	issuer      text,                           -- with key: the alias that the decision wrote
	key         text,
	note        text,
	before      jsonb not null,                 -- the document's verdict before, what undo restores
	decided_by  text not null,
	decided_at  timestamptz not null default now(),
	primary key (broker, decision_id),
	foreign key (broker, document_id) references document (broker, document_id)
);
create index decision_of_document on decision (broker, document_id, decided_at);

-- The outbox. Column names are what Debezium's event router expects. position is given by the one
-- sequencer after the commit, so that no cursor skips a late commit. occurred_at is the database's clock,
-- one for all machines, and therefore what the sequencer orders by.
create table event (
	broker        text not null references broker,
	id            uuid not null,
	position      bigint,
	aggregatetype text not null,
	aggregateid   text not null,
	type          text not null,
	payload       jsonb not null,
	occurred_at   timestamptz not null default clock_timestamp(), -- now() would be the start of the transaction
	primary key (broker, id),
	unique (broker, position)
);
create index event_unsequenced on event (broker, occurred_at, id) where position is null;

create table sequence_head (
	broker   text primary key references broker,
	position bigint not null default 0
);

-- A webhook endpoint and its cursor: everything up to position is delivered (or not of its types). Who holds
-- the lease sends; every mark names the owner, so that a process that lost it moves nothing. A released
-- lease keeps lease_until: who was served longest ago comes next.
create table endpoint (
	broker          text not null references broker,
	endpoint        text not null,
	url             text not null,
	secret_file     text not null,
	ca_file         text,
	types           text[],                     -- null: all
	state           text not null default 'active' check (state in ('active', 'disabled')),
	position        bigint not null default 0,
	delivered       bigint not null default 0,  -- events, for statistics
	delivered_at    timestamptz,                -- last answer that was 2xx
	failures        int not null default 0,     -- in a row
	next_attempt_at timestamptz not null default now(),
	last_error      text,
	lease_owner     text,
	lease_until     timestamptz,
	created_at      timestamptz not null default now(),
	primary key (broker, endpoint)
);
