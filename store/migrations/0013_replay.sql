-- A replay: events that an endpoint gets again, beside its cursor. Lane by lane: one that the replay has been in stands
-- aside until it has caught up, so that what is new in it comes behind what is old.
create table replay_job (
	replay_id     bigint generated always as identity primary key,
	broker        text not null references broker,
	endpoint      text not null,
	from_position bigint not null,
	to_position   bigint not null,
	types         text[] not null,             -- no groups
	customer      text,                        -- null: all
	position      bigint not null,             -- up to here all its events are in lanes of replay_lane
	requested_by  text not null,
	requested_at  timestamptz not null default clock_timestamp(),
	done_at       timestamptz,
	cancelled_at  timestamptz,
	foreign key (broker, endpoint) references endpoint on delete cascade
);
-- One at a time.
create unique index replay_job_open on replay_job (broker, endpoint) where done_at is null and cancelled_at is null;

-- The lanes that a replay has been in. Kept until the next one of the endpoint.
create table replay_lane (
	replay_id bigint not null references replay_job on delete cascade,
	lane      text not null,
	primary key (replay_id, lane)
);

-- A lane in a replay: up to replay_to it gets what the job asks for, then it goes on at resume with what it always gets.
alter table lane_block
	add column replay_to bigint,
	add column resume    bigint,
	add check ((replay_to is null) = (resume is null) and replay_to < resume);

-- A dead letter has the event itself, so that the weeks may go. 'sending': a person wants it sent again.
alter table dead_letter
	add column aggregatetype    text not null default 'customer',
	add column payload          jsonb,
	add column occurred_at      timestamptz,
	add column customersequence bigint,
	add column correlationid    text,
	add column causationid      uuid,
	add column recordedtime     timestamptz,
	drop constraint dead_letter_state_check,
	add check (state in ('parked', 'sending', 'delivered', 'discarded'));
update dead_letter d
set aggregatetype = v.aggregatetype, payload = v.payload, occurred_at = v.occurred_at,
    customersequence = v.customersequence, correlationid = v.correlationid, causationid = v.causationid,
    recordedtime = v.recordedtime
from event v
where v.broker = d.broker and v.position = d.position;
alter table dead_letter alter column payload set not null, alter column occurred_at set not null;
create index dead_letter_sending on dead_letter (broker, endpoint) where state = 'sending';

-- Who still needs events. A dead letter does not.
create or replace view event_hold (broker, position, holder) as
	select broker, position, 'endpoint ' || endpoint from endpoint where state = 'active'
	union all
	select broker, position, 'consumer ' || consumer from consumer c
	where exists (select from api_token t
		      where t.broker = c.broker and t.consumer = c.consumer and t.revoked_at is null)
	union all
	select broker, min(position) - 1, 'lanes of endpoint ' || endpoint from lane_block group by broker, endpoint
	union all
	select broker, position, 'replay ' || replay_id || ' to endpoint ' || endpoint
	from replay_job where done_at is null and cancelled_at is null;
