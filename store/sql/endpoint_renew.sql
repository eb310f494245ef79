-- Hold an endpoint on, and see whether it was changed.
-- durability: relaxed
-- $1 broker, $2 endpoint, $3 lease_owner, $4 int4 seconds
--   -> url, secret_file, ca_file, allow_private bool, types text[], retry_s int4[], replay_id int8 or null, sending int8;
--      no row: the lease was lost
update endpoint
set lease_until = now() + $4::int * interval '1 second'
where broker = $1 and endpoint = $2 and lease_owner = $3 and state = 'active'
returning url, secret_file, ca_file, allow_private, types, retry_s,
	  (select j.replay_id from replay_job j
	   where j.broker = endpoint.broker and j.endpoint = endpoint.endpoint and j.done_at is null
	     and j.cancelled_at is null) as replay_id,
	  (select count(*) from dead_letter d
	   where d.broker = endpoint.broker and d.endpoint = endpoint.endpoint and d.state = 'sending') as sending;
