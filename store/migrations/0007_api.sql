-- The pull feed: tokens, consumers with their acknowledged positions, and what consumers tell back.

-- A consumer, or a group of workers that share its position: everything up to position is acknowledged.
create table consumer (
	broker      text not null references broker,
	consumer    text not null,
	position    bigint not null default 0,
	secret_file text,                           -- path; signs its feedback; the secret itself is never stored
	acked_at    timestamptz,
	created_at  timestamptz not null default now(),
	primary key (broker, consumer)
);

-- Of the token only the SHA-256 is known. The id is the public half, by which it is found.
create table api_token (
	broker       text not null references broker,
	token_id     text not null,
	name         text not null,
	digest       text not null,
	scopes       text[] not null,
	consumer     text,                          -- bound to it; null: to none
	created_by   text not null,
	created_at   timestamptz not null default now(),
	last_used_at timestamptz,                   -- to the hour
	revoked_at   timestamptz,
	primary key (broker, token_id)
);
create unique index api_token_name on api_token (broker, name) where revoked_at is null;

-- What a consumer told back, for the timeline and for learning when letters arrive. Only what is named here is kept.
create table feedback (
	broker      text not null references broker,
	consumer    text not null,
	source      text not null,                  -- of the CloudEvent; with id the same for ever
	id          text not null,
	webhook_id  text not null,                  -- of the request that brought it
	type        text not null,
	event_id    uuid,                           -- our event that it speaks of
	document_id uuid,
	customer_id text,
	channel     text,
	reason      text,
	arrived_on  date,                           -- letter.arrived
	happened_at timestamptz not null,
	received_at timestamptz not null default now(),
	primary key (broker, consumer, source, id)
);
create index feedback_request on feedback (broker, consumer, webhook_id);
create index feedback_of_customer on feedback (broker, customer_id, happened_at) where customer_id is not null;
create index feedback_of_document on feedback (broker, document_id, happened_at) where document_id is not null;
create index if not exists contract_of_customer on contract (broker, customer_id) where customer_id is not null;

-- A consumer with a valid token holds what it has not acknowledged; `vorpost consumer remove` or `token revoke` lets go.
create or replace view event_hold (broker, position, holder) as
	select broker, position, 'endpoint ' || endpoint from endpoint where state = 'active'
	union all
	select broker, position, 'consumer ' || consumer from consumer c
	where exists (select from api_token t
		      where t.broker = c.broker and t.consumer = c.consumer and t.revoked_at is null);
