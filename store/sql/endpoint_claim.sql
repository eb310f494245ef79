-- Lease one endpoint that is due and behind; who was served longest ago comes first.
-- durability: relaxed
-- $1 broker, $2 lease_owner, $3 int4 seconds
--   -> endpoint, url, secret_file, ca_file, types text[], position int8, failures int4; no row: nothing to do
update endpoint
set lease_owner = $2, lease_until = now() + $3::int * interval '1 second'
where broker = $1 and endpoint = (
	select p.endpoint
	from endpoint p
	join sequence_head h on h.broker = p.broker
	where p.broker = $1 and p.state = 'active' and p.position < h.position
	  and p.next_attempt_at <= now()
	  and (p.lease_owner is null or p.lease_until <= now())
	order by p.lease_until nulls first, p.endpoint
	limit 1
	for update of p skip locked)
returning endpoint, url, secret_file, ca_file, types, position, failures;
