-- Everything up to $4 was answered 2xx or is not of the endpoint's types; renews the lease.
-- $1 broker, $2 endpoint, $3 lease_owner, $4 int8 position, $5 int8 delivered since the last mark, $6 int4 seconds
--   -> position int8; no row: the lease was lost, nothing was moved
update endpoint
set position = $4::bigint,
    delivered = delivered + $5::bigint,
    delivered_at = case when $5::bigint > 0 then now() else delivered_at end,
    failures = case when $5::bigint > 0 then 0 else failures end,
    last_error = case when $5::bigint > 0 then null else last_error end,
    lease_until = now() + $6::int * interval '1 second'
where broker = $1 and endpoint = $2 and lease_owner = $3
returning position;
