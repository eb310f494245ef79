-- How the answers of a connection differ from the operator's schemas (configuration key schemas): each kind of breach once, with
-- how often it was seen and the last place. Advice: nothing depends on it, and a round that breaks off leaves out what it found.
-- Names of elements and types, never a value.
create table schema_breach (
	broker        text not null,
	connection    text not null,
	element       text not null,            -- its way below the soap:Body
	rule          text not null,            -- in plain words
	detail        text not null,            -- a type, what was expected instead; '' if there is nothing to add
	answers       int8 not null,            -- in which it was seen
	times         int8 not null,
	first_seen_at timestamptz not null default now(),
	last_seen_at  timestamptz not null default now(),
	shipment_id   text,                     -- the last one; null: a list
	line          int8 not null,            -- there; 0: unknown
	primary key (broker, connection, element, rule, detail),
	foreign key (broker, connection) references connection on delete cascade
);
alter table shipment add column breaches int;   -- of its answer; null: none were found, or nobody looked

select web_protect();
revoke insert, update, delete on schema_breach from vorpost_web;
