-- Where a contract was delivered, so that one that its source does not mention any more can be told: marked and shown, never
-- deleted. And further origins of names: former (before a renumbering), broker (the broker's own number), claim.
alter table contract
	add column source        text,              -- 'gdv', or what an import of a CSV called it; null: nobody said
	add column broker_number text,              -- the broker's at this insurer (Vermittlernummer)
	add column vanished_at   timestamptz;       -- a full delivery of its source did not mention it
create index contract_vanished on contract (broker, vanished_at) where vanished_at is not null;

alter table contract_name drop constraint if exists contract_name_origin_check;
alter table contract_name add constraint contract_name_origin_check check (origin in
	('system', 'printed', 'other', 'application', 'person', 'former', 'broker', 'claim'));

-- What a running import has seen; of use only while it runs, so that a crash may take it.
create unlogged table contract_seen (
	import      bigint not null,
	contract_id text not null
);
create sequence contract_import_number;
