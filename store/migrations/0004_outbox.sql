-- The outbox by weeks: what is old enough goes as a whole table, nothing is deleted row by row. Column names are
-- what Debezium's event router expects; customersequence, correlationid, causationid and recordedtime are the
-- CloudEvents attributes of these names.
--
-- position is given by the one sequencer after the commit, so that no cursor skips a late commit; its lock keeps it
-- unique, for a unique index of a partitioned table must hold occurred_at. occurred_at is the database's clock, one
-- for all machines, and therefore what the sequencer orders by.
alter table event rename to event_before;
alter index event_pkey rename to event_before_pkey;
alter index event_broker_position_key rename to event_before_position;
alter index event_unsequenced rename to event_before_unsequenced;

create table event (
	broker           text not null references broker,
	id               uuid not null,
	position         bigint,
	aggregatetype    text not null,
	aggregateid      text not null,
	type             text not null,
	payload          jsonb not null,
	occurred_at      timestamptz not null default clock_timestamp(), -- now() would be the start of the transaction
	customersequence bigint,       -- customer-facing events of customer aggregateid: 1, 2, 3 ... without a gap
	correlationid    text,         -- CONNECTION/SHIPMENT that it all began with
	causationid      uuid,         -- the event that this one follows from
	recordedtime     timestamptz,  -- when the insurer made the document
	primary key (broker, id, occurred_at),
	unique (broker, position, occurred_at)
) partition by range (occurred_at);
create index event_unsequenced on event (broker, occurred_at, id) where position is null;

-- The safety net: what happens when no week was made ahead.
create table event_default partition of event default;

-- The last customersequence of each customer; written under the lock of sequence_head.
create table lane_head (
	broker           text not null references broker,
	lane             text not null,
	customersequence bigint not null,
	primary key (broker, lane)
);

-- "event_20261116": the week that begins on that Monday, UTC.
create function event_partition_name(week timestamptz) returns text language sql stable as $$
	select 'event_' || to_char(week at time zone 'UTC', 'YYYYMMDD')
$$;

-- Make the partition of one week and move there what fell into the default meanwhile. The table is made beside and then
-- attached, so that readers of the others go on.
create function event_partition_make(week timestamptz) returns void language plpgsql as $$
declare
	name text := event_partition_name(week);
begin
	execute format('create table %I (like event including defaults including constraints)', name);
	lock table event_default in access exclusive mode;
	execute format('with moved as (delete from event_default where occurred_at >= %L and occurred_at < %L returning *)'
		       ' insert into %I select * from moved', week, week + interval '168 hours', name);
	execute format('alter table event attach partition %I for values from (%L) to (%L)',
		       name, week, week + interval '168 hours');
end
$$;

-- Make this week and those ahead, and the weeks of what lies in the default. Gives up after 2 s where a long
-- transaction is in the way: the next one to ask does it, and the default is there. -> how many were made
create function event_partitions_make(ahead int) returns int language plpgsql as $$
declare
	this_week constant timestamptz := date_trunc('week', clock_timestamp(), 'UTC');
	week timestamptz;
	made int := 0;
begin
	perform set_config('lock_timeout', '2s', true);
	lock table event_default in share update exclusive mode; -- one maker at a time
	for week in
		select w
		from (select this_week + n * interval '168 hours' as w from generate_series(0, ahead) as n
		      union
		      select date_trunc('week', occurred_at, 'UTC') from event_default
		      where occurred_at < this_week + (ahead + 1) * interval '168 hours') as wanted
		where to_regclass(event_partition_name(w)) is null
		order by w
	loop
		perform event_partition_make(week);
		made := made + 1;
	end loop;
	return made;
end
$$;

-- Who still needs events: those behind position. Whoever keeps a cursor adds his rows here.
create view event_hold (broker, position, holder) as
	select broker, position, 'endpoint ' || endpoint from endpoint where state = 'active';

-- Who needs an event of this partition; null: nobody.
create function event_partition_holder(partition text) returns text language plpgsql as $$
declare
	holder text;
begin
	execute format('select b.broker || '': events without a position'' from broker b'
		       ' where exists (select from %I where broker = b.broker and position is null) limit 1', partition)
		into holder;
	if holder is null then
		execute format('select h.broker || '': '' || h.holder || '' stands at '' || h.position from event_hold h'
			       ' where h.position < (select max(position) from %I where broker = h.broker)'
			       ' order by h.position limit 1', partition)
			into holder;
	end if;
	return holder;
end
$$;

-- Drop a partition that nobody needs; null: dropped, else who needs it. Looked up under the lock.
create function event_partition_drop(partition text) returns text language plpgsql as $$
declare
	holder text;
begin
	perform set_config('lock_timeout', '2s', true);
	lock table event in access exclusive mode;
	if to_regclass(partition) is null then
		return null;
	end if;
	holder := event_partition_holder(partition);
	if holder is null then
		execute format('drop table %I', partition);
	end if;
	return holder;
end
$$;

insert into event (broker, id, position, aggregatetype, aggregateid, type, payload, occurred_at)
select broker, id, position, aggregatetype, aggregateid, type, payload, occurred_at from event_before;
drop table event_before;
select event_partitions_make(4);

-- One queue.digest a broker and day (German time).
create table digest (
	broker   text not null references broker,
	day      date not null,
	event_id uuid not null,
	primary key (broker, day)
);
