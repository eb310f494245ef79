-- Webhooks in lanes. A lane is what order is kept for: the events of one aggregateid at one endpoint. Everything up
-- to the endpoint's cursor is delivered, unwanted, or belongs to a lane that stands aside.
alter table endpoint
	add column allow_private boolean not null default false, -- loopback and private networks
	add column concurrency   int not null default 8 check (concurrency between 1 and 8), -- 429 and 503 lower it
	add column lanes_failed  int not null default 0, -- different lanes in a row, without a success between
	add column retry_s       int[]; -- waits after the 1st, 2nd ... failure; then parked. null: the standard ones
-- Words: types and the groups customer, broker, all.
update endpoint set types = '{all}' where types is null;
alter table endpoint alter column types set default '{customer}', alter column types set not null;

-- A lane that stands aside: its events from position on wait while the others go on. No row for a lane that flows.
create table lane_block (
	broker          text not null references broker,
	endpoint        text not null,
	lane            text not null,
	position        bigint not null,            -- no event of the lane before it is undelivered
	failures        int not null default 0,     -- of its first event, in a row; 0: it only is slow, or catches up
	since           timestamptz not null,       -- when its first event was refused first
	next_attempt_at timestamptz not null,
	last_error      text,
	gap_id          uuid,                       -- an endpoint.gap of this id goes before the next event
	primary key (broker, endpoint, lane),
	foreign key (broker, endpoint) references endpoint on delete cascade
);
create index lane_block_due on lane_block (broker, endpoint, next_attempt_at);

-- An event that an endpoint refused until its schedule was over. It stays until it is delivered or discarded.
create table dead_letter (
	broker     text not null references broker,
	endpoint   text not null,
	event_id   uuid not null,
	position   bigint not null,
	lane       text not null,
	type       text not null,
	failures   int not null,
	since      timestamptz not null,            -- first refused
	parked_at  timestamptz not null default clock_timestamp(),
	last_error text,
	gap_id     uuid not null,
	state      text not null default 'parked' check (state in ('parked', 'delivered', 'discarded')),
	settled_at timestamptz,
	note       text,
	primary key (broker, endpoint, event_id),
	foreign key (broker, endpoint) references endpoint on delete cascade
);
create index dead_letter_parked on dead_letter (broker, endpoint, position) where state = 'parked';

-- When an endpoint accepted what a customer is to be told: the end of the way that the lead is measured on.
create table event_accepted (
	broker      text not null references broker,
	event_id    uuid not null,
	endpoint    text not null,
	accepted_at timestamptz not null default clock_timestamp(),
	primary key (broker, event_id, endpoint)
);

-- The later events of a lane that stands aside.
create index event_lane on event (broker, aggregateid, position);

-- Who still needs events: cursors, consumers, lanes that stand aside, dead letters that nobody settled.
create or replace view event_hold (broker, position, holder) as
	select broker, position, 'endpoint ' || endpoint from endpoint where state = 'active'
	union all
	select broker, position, 'consumer ' || consumer from consumer c
	where exists (select from api_token t
		      where t.broker = c.broker and t.consumer = c.consumer and t.revoked_at is null)
	union all
	select broker, min(position) - 1, 'lanes of endpoint ' || endpoint from lane_block group by broker, endpoint
	union all
	select broker, min(position) - 1, 'dead letters of endpoint ' || endpoint
	from dead_letter where state = 'parked' group by broker, endpoint;
