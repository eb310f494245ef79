-- From attached to released: what customers may be told, by which rule, and when.

-- The broker's own rules; what no rule speaks of goes by the shipped table (events/catalogue.c). Null: any.
create table release_rule (
	broker      text not null references broker,
	rule_id     bigint generated always as identity,
	category    text,
	issuer      text,
	customer_id text,
	verb        text not null check (verb in ('auto', 'ask', 'never')),
	hold_s      int check (hold_s >= 0),        -- null: the tier's
	note        text,
	created_by  text not null,
	created_at  timestamptz not null default now(),
	primary key (broker, rule_id)
);
create unique index release_rule_once
	on release_rule (broker, coalesce(category, ''), coalesce(issuer, ''), coalesce(customer_id, ''));

-- The hold-back of a tier where it is not the shipped one.
create table release_hold (
	broker text not null references broker,
	tier   text not null,
	hold_s int not null check (hold_s >= 0),
	primary key (broker, tier)
);

-- What makes collapse keys unguessable (events/collapse.h).
create table release_secret (
	broker text primary key references broker,
	secret text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
);

-- One row for each time a document is attached to a contract; attachment is the id of that document.attached. No
-- foreign key to document: its lock would make the sequencer wait for a clerk who holds the document.
--   waiting     the hold-back runs, or (due_at null) a person is asked
--   released    the customer was told
--   withheld    a rule or a person says no; the customer was not told, or was told that it no longer holds
--   withdrawn   it left the contract after the customer was told: he was told that it no longer holds
--   superseded  it left the contract, and that needs no word to the customer
create table release (
	broker            text not null references broker,
	document_id       uuid not null,
	attachment        uuid not null,
	attached_position bigint,                   -- null: document.attached has no position yet
	attached_at       timestamptz not null,
	contract_id       text not null,
	customer_id       text,                     -- null: nobody could be told
	recordedtime      timestamptz,              -- when the insurer made the document
	notice            jsonb not null,           -- the data of document.attached
	state             text not null check (state in ('waiting', 'released', 'withheld', 'withdrawn', 'superseded')),
	rule              text not null,            -- whose word it is: default, rule:ID, tier, person, reassigned, ...
	hold_s            int not null,
	due_at            timestamptz,
	decided_by        text,                     -- null: no person
	note              text,
	collapse_key      text,                     -- what the customer was told under; null: he was never told
	released_at       timestamptz,
	primary key (broker, document_id, attachment)
);
create index release_due on release (broker, due_at) where state = 'waiting' and due_at is not null;
create index release_open on release (broker, attached_at) where state in ('waiting', 'withheld');
