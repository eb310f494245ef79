-- Tell once a day what waits for a person: counts only. Days and hours are German time. By time ($2), a digest is due from
-- that hour on, but not for a morning at which the broker was not yet there.
-- wakes: sequencer
-- $1 text, broker   $2 int4, hour from which it is due; null: now   $3 uuid, the event   $4 bool, write it; false: only show
--   -> day text, payload jsonb, written bool; no row: not due, or written already
with today as (
	select b.broker, t.day
	from broker b
	cross join lateral (select (now() at time zone 'Europe/Berlin')::date as day) as t
	cross join lateral (select (t.day + make_interval(hours => coalesce($2::int, 0))) at time zone 'Europe/Berlin' as due) as d
	where b.broker = $1 and ($2::int is null or (d.due <= now() and b.created_at < d.due))
	  and (not $4::bool or not exists (select from digest g where g.broker = b.broker and g.day = t.day))
), waiting as (
	select d.connection, d.reason, d.received_at
	from today join document d on d.broker = today.broker and d.state = 'queued'
), data as (
	select day, jsonb_build_object(
		'broker', broker, 'day', day,
		'waiting', (select count(*) from waiting),
		'since_yesterday', (select count(*) from waiting where received_at > now() - interval '1 day'),
		'oldest', (select to_char(min(received_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from waiting),
		'by_reason', (select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'documents', n) order by n desc, reason), '[]')
			from (select reason, count(*) as n from waiting group by reason) as r),
		'by_connection', (select coalesce(jsonb_agg(jsonb_build_object('connection', connection, 'documents', n) order by n desc, connection), '[]')
			from (select connection, count(*) as n from waiting group by connection) as c)) as payload
	from today
), taken as (
	insert into digest (broker, day, event_id)
	select $1, day, $3::uuid from data where $4::bool
	on conflict (broker, day) do nothing
	returning broker
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload)
	select $1, $3::uuid, 'broker', $1, 'queue.digest', data.payload from taken, data
)
select to_char(day, 'YYYY-MM-DD') as day, payload, exists (select from taken) as written from data
