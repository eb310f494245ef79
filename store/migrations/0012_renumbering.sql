-- Contract numbers brought into the insurer's canonical form, and what is to be matched again in the background.

alter table contract_name drop constraint if exists contract_name_origin_check;
alter table contract_name add constraint contract_name_origin_check check (origin in
	('system', 'printed', 'other', 'application', 'person', 'former', 'broker', 'claim'));

-- What `contracts canonicalise` changed: what an import compares with, and what --undo goes back to.
create table renumbering (
	broker        text not null,
	run           uuid not null,
	contract_id   text not null,
	issuer        text not null,
	before        text,                         -- the number as it was; null: none
	key           text,                         -- its plain key
	after         text not null,
	names         jsonb not null,               -- the names that the change touched, as they were
	renumbered_by text not null,
	renumbered_at timestamptz not null default now(),
	undone_by     text,
	undone_at     timestamptz,
	primary key (broker, run, contract_id),
	foreign key (broker, contract_id) references contract (broker, contract_id)
);
create index renumbering_of on renumbering (broker, contract_id);

-- Spellings that differ in separators and case only.
create function number_fold(number text) returns text language sql immutable as $$
	select upper(regexp_replace(number, '[^0-9A-Za-z]', '', 'g'))
$$;

-- As base/uuid7.c makes them.
create function uuid7() returns uuid language sql volatile as $$
	select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
		substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
		52, 1), 53, 1), 'hex')::uuid
$$;

-- The one place where contract.renumbered is put together: ids only, never a number. run: null outside of canonicalise.
create function renumbered_event(contract_id text, customer_id text, issuer text, run uuid)
returns table (id uuid, aggregatetype text, aggregateid text, type text, payload jsonb) language sql volatile as $$
	select uuid7(), 'customer', coalesce(customer_id, contract_id), 'contract.renumbered',
	       jsonb_strip_nulls(jsonb_build_object('contract_id', contract_id, 'customer_id', customer_id,
						    'insurer', issuer, 'run', run))
$$;

-- Documents that wait and whose answer may have changed: written in the transaction that changed it, and only ever
-- inserted by it, so that causes never wait for each other. Who matches again works through the oldest row of an issuer
-- page by page (the cursors say how far) and deletes it at the end.
create table rematch_due (
	broker         text not null references broker,
	due_id         bigint generated always as identity,
	issuer         text not null,               -- '*': all
	why            text not null,
	since          timestamptz not null default clock_timestamp(),
	rekey          boolean not null default false, -- the rules changed: first the names of the contracts
	contract_after text,                        -- cursor of the names; '': before the first
	document_after uuid,                        -- cursor of the documents
	not_before     timestamptz not null default clock_timestamp(), -- until then whoever caused it does it himself
	primary key (broker, due_id)
);

-- The rules that the waiting documents were decided by: a digest for each issuer, and '*' for all of them together.
create table insurer_rules (
	broker text not null references broker,
	issuer text not null,
	digest text not null,
	since  timestamptz not null default clock_timestamp(),
	primary key (broker, issuer)
);
