-- Lease one endpoint that is due and has something to do: events behind its cursor, a lane whose wait is over, a replay,
-- dead letters to be sent again.
-- Who was served longest ago comes first.
-- durability: relaxed
-- $1 broker, $2 lease_owner, $3 int4 seconds
--   -> endpoint, url, secret_file, ca_file, allow_private bool, types text[], retry_s int4[], position int8,
--      failures int4, lanes_failed int4, delivered int8, concurrency int4, replay_id int8 or null,
--      sending int8 dead letters; no row: nothing to do
update endpoint
set lease_owner = $2, lease_until = now() + $3::int * interval '1 second'
where broker = $1 and endpoint = (
	select p.endpoint
	from endpoint p
	left join sequence_head h on h.broker = p.broker
	where p.broker = $1 and p.state = 'active' and p.next_attempt_at <= now()
	  and (p.position < h.position
	       or exists (select from lane_block l
			  where l.broker = p.broker and l.endpoint = p.endpoint and l.next_attempt_at <= now())
	       or exists (select from replay_job j
			  where j.broker = p.broker and j.endpoint = p.endpoint and j.done_at is null
			    and j.cancelled_at is null)
	       or exists (select from dead_letter d
			  where d.broker = p.broker and d.endpoint = p.endpoint and d.state = 'sending'))
	  and (p.lease_owner is null or p.lease_until <= now())
	order by p.lease_until nulls first, p.endpoint
	limit 1
	for update of p skip locked)
returning endpoint, url, secret_file, ca_file, allow_private, types, retry_s, position, failures, lanes_failed,
	  delivered, concurrency,
	  (select j.replay_id from replay_job j
	   where j.broker = endpoint.broker and j.endpoint = endpoint.endpoint and j.done_at is null
	     and j.cancelled_at is null) as replay_id,
	  (select count(*) from dead_letter d
	   where d.broker = endpoint.broker and d.endpoint = endpoint.endpoint and d.state = 'sending') as sending;
