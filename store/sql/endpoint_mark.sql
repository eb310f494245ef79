-- The cursor and the lanes of an endpoint, in one step: everything up to $4 was answered 2xx, is not of the
-- endpoint's types, or belongs to a lane that stands aside. Renews the lease. What a power cut takes away is sent again.
-- durability: relaxed
-- $1 broker, $2 endpoint, $3 lease_owner, $4 int8 position, $5 int8 delivered since the last mark, $6 int4 seconds,
-- $7 int4 lanes failed in a row, $8 int4 concurrency,
-- $9 jsonb lanes aside: [{"lane", "position", "failures", "wait_ms", "age_ms", "error", "gap", "replay_to", "resume",
--    "counted"}]
-- $10 jsonb lanes that flow again: ["lane"]
-- $11 jsonb ids of accepted events that customers are told of: ["uuid"]
-- $12 jsonb ids of accepted events that were sent again: if they are dead letters, these are settled
-- $13 int8 replay or null, $14 int8 how far it is, $15 bool it is done, $16 jsonb lanes that it was in: ["lane"]
--   -> position int8; no row: the lease was lost, nothing was moved
with mine as (
	update endpoint
	set position = $4::bigint,
	    delivered = delivered + $5::bigint,
	    delivered_at = case when $5::bigint > 0 then now() else delivered_at end,
	    failures = case when $5::bigint > 0 then 0 else failures end,
	    last_error = case when $5::bigint > 0 then null else last_error end,
	    lanes_failed = $7::int,
	    concurrency = $8::int,
	    lease_until = now() + $6::int * interval '1 second'
	where broker = $1 and endpoint = $2 and lease_owner = $3
	returning position
), aside as (
	insert into lane_block (broker, endpoint, lane, position, failures, since, next_attempt_at, last_error, gap_id,
				replay_to, resume, counted_at)
	select $1, $2, l.lane, l.position, l.failures, now() - l.age_ms * interval '1 millisecond',
	       now() + l.wait_ms * interval '1 millisecond', l.error, l.gap,
	       l.replay_to, l.resume, l.counted
	from mine, jsonb_to_recordset($9::jsonb)
		as l (lane text, position bigint, failures int, wait_ms bigint, age_ms bigint, error text, gap uuid,
		      replay_to bigint, resume bigint, counted bigint)
	on conflict (broker, endpoint, lane) do update
	set position = excluded.position, failures = excluded.failures, since = excluded.since,
	    next_attempt_at = excluded.next_attempt_at, last_error = excluded.last_error, gap_id = excluded.gap_id,
	    replay_to = excluded.replay_to, resume = excluded.resume, counted_at = excluded.counted_at
), flowing as (
	delete from lane_block l
	using mine
	where l.broker = $1 and l.endpoint = $2
	  and l.lane in (select jsonb_array_elements_text($10::jsonb))
), accepted as (
	insert into event_accepted (broker, event_id, endpoint)
	select $1, id::uuid, $2
	from mine, jsonb_array_elements_text($11::jsonb) as id
	on conflict do nothing
), settled as (
	update dead_letter d
	set state = 'delivered', settled_at = clock_timestamp()
	from mine
	where d.broker = $1 and d.endpoint = $2 and d.state in ('parked', 'sending')
	  and d.event_id in (select id::uuid from jsonb_array_elements_text($12::jsonb) as id)
), replay as (
	update replay_job j
	set position = $14::bigint, done_at = case when $15::boolean then now() end
	from mine
	where j.replay_id = $13::bigint and j.done_at is null and j.cancelled_at is null
), been as (
	insert into replay_lane (replay_id, lane)
	select $13::bigint, lane
	from mine, jsonb_array_elements_text($16::jsonb) as lane
	on conflict do nothing
)
select position from mine;
