-- Lease one endpoint that is due and has something to do: events behind its cursor, or a lane whose wait is over.
-- Who was served longest ago comes first.
-- durability: relaxed
-- $1 broker, $2 lease_owner, $3 int4 seconds
--   -> endpoint, url, secret_file, ca_file, allow_private bool, types text[], retry_s int4[], position int8,
--      failures int4, lanes_failed int4, concurrency int4; no row: nothing to do
update endpoint
set lease_owner = $2, lease_until = now() + $3::int * interval '1 second'
where broker = $1 and endpoint = (
	select p.endpoint
	from endpoint p
	left join sequence_head h on h.broker = p.broker
	where p.broker = $1 and p.state = 'active' and p.next_attempt_at <= now()
	  and (p.position < h.position
	       or exists (select from lane_block l
			  where l.broker = p.broker and l.endpoint = p.endpoint and l.next_attempt_at <= now()))
	  and (p.lease_owner is null or p.lease_until <= now())
	order by p.lease_until nulls first, p.endpoint
	limit 1
	for update of p skip locked)
returning endpoint, url, secret_file, ca_file, allow_private, types, retry_s, position, failures, lanes_failed,
	  concurrency;
