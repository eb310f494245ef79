-- End of a round over one connection: give the lease back, write down how it went, and say when next.
-- The event is written only where the state changes: failed after success, recovered after failure.
-- wakes: sequencer
-- $1 text, broker   $2 text, connection   $3 int8, fence
-- $4 text, the error in words; null: success
-- $5 int8, seconds until it is due again
-- $6 bool, pause the connection (its credential was refused) and all that share its account, whoever's they are
-- $7 jsonb, event row of the failure (model/event.h)   $8 jsonb, event row of the recovery
--   -> paused bool, failures int4
with before as (
	select broker, connection, failures from connection
	where broker = $1 and connection = $2 and lease_fence = $3::int8
	for update
), after as (
	update connection c
	set lease_owner = null, lease_until = null,
	    due_at = now() + $5::int8 * interval '1 second',
	    last_success_at = case when $4::text is null then now() else c.last_success_at end,
	    last_error = $4,
	    failures = case when $4::text is null then 0 else c.failures + 1 end,
	    state = case when $6::bool then 'paused' else c.state end,
	    pause_reason = case when $6::bool then $4 else c.pause_reason end
	from before b
	where c.broker = b.broker and c.connection = b.connection
	returning c.broker, c.connection, c.issuer, c.state, c.failures, b.failures as failures_before, c.sts_url,
	          c.username, c.key_file, c.secret_file
), slot as (
	update throttle_slot s
	set holder = null, until = null
	from after a
	where s.issuer = a.issuer and s.holder = $1 || '/' || $2 || '#' || $3
), sharing as (
	update connection c
	set state = 'paused', pause_reason = 'the account it shares with connection ' || a.connection || ' was refused: ' || $4
	from after a
	where $6::bool and c.issuer = a.issuer and c.sts_url is not distinct from a.sts_url and c.state = 'active'
	  and (c.broker, c.connection) <> (a.broker, a.connection)
	  and case when a.username is not null then c.username = a.username
	      else c.username is null and c.key_file is not distinct from a.key_file
		   and c.secret_file is not distinct from a.secret_file end
), told as (
	insert into event (broker, id, aggregatetype, aggregateid, type, payload)
	select a.broker, (r.row ->> 'event_id')::uuid, r.row ->> 'aggregatetype', r.row ->> 'aggregateid',
	       r.row ->> 'type', r.row -> 'payload'
	from after a
	join lateral (select case when a.failures > 0 then $7::jsonb else $8::jsonb end as row) r on true
	where (a.failures > 0) <> (a.failures_before > 0)
)
select state = 'paused' as paused, failures from after
