-- End the open replay of an endpoint; its lanes go on where they stood. Takes the lease away, so that whoever works on
-- the endpoint looks at it afresh.
-- $1 broker, $2 endpoint    -> replay_id int8; no row: none is open
with job as (
	update replay_job set cancelled_at = now()
	where broker = $1 and endpoint = $2 and done_at is null and cancelled_at is null
	returning replay_id
), lanes as (
	update lane_block l
	set position = l.resume, replay_to = null, resume = null, failures = 0, next_attempt_at = now(), last_error = null
	from job
	where l.broker = $1 and l.endpoint = $2 and l.replay_to is not null
), lease as (
	update endpoint p set lease_owner = null from job where p.broker = $1 and p.endpoint = $2
)
select replay_id from job;
